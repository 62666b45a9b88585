package dev.nsmon.log;

import java.io.IOException;
import java.util.List;

/// Where the entries are that the log has no room for. Used by the threads of all cursors.
public interface Archive {

  /// Entries from this number on, in order, at most `max`, and fewer where they are large. The
  /// first may have a higher number, where what was asked for is there no more; none if nothing
  /// from there on is.
  ///
  /// @throws IOException if it can't be read now
  List<Entry> read(long from, int max) throws IOException;

  /// How many of these numbers no entry ever had: they are missing and not lost.
  default long unused(long first, long last) {
    return 0;
  }
}
