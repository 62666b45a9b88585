package dev.nsmon.log;

import java.io.IOException;
import java.util.List;

/// Storage of the entries that the log has no room for in memory. The threads of all cursors use
/// it.
public interface Archive {

  /// Reads entries from this number on, in order: at most `max`, and fewer if they are large. The
  /// first entry has a higher number if the requested ones no longer exist. The list is empty if
  /// there is no entry from this number on.
  ///
  /// @throws IOException if the archive can't be read now
  List<Entry> read(long from, int max) throws IOException;

  /// How many numbers from `first` to `last`, both included, no entry ever had. They are missing
  /// but not lost. Called under the log's lock: must not block.
  default long unused(long first, long last) {
    return 0;
  }
}
