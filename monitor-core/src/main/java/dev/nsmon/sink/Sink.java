package dev.nsmon.sink;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.util.List;

/// Where records go. The one open interface: stdout, Kafka and each WebSocket client are one.
///
/// A sink is called by its own [Pump] only and may block as long as it likes: it holds up nobody
/// else.
public interface Sink extends AutoCloseable {

  /// What a sink says after a batch.
  enum Appetite {
    MORE,
    /// It wants nothing more, and all is well.
    ENOUGH
  }

  /// Takes some records, in order. When this returns they are where they belong: a durable log does
  /// not hand them out again after a restart. An interrupt ends it.
  ///
  /// @throws IOException if it can take no more, now and later
  Appetite write(List<Entry> entries) throws IOException;

  /// The same, but these may still be on their way when it returns, which [#isUnderWay] tells;
  /// those of the calls before have arrived.
  ///
  /// @throws IOException if it can take no more, now and later
  default Appetite hand(List<Entry> entries) throws IOException {
    return write(entries);
  }

  /// Whether what it was handed last is still on its way.
  default boolean isUnderWay() {
    return false;
  }

  /// Waits until that has arrived. Asked for when nothing follows.
  ///
  /// @throws IOException if it can take no more, now and later
  default void settle() throws IOException {}

  /// Nothing has come for a second: time for what is due without a record.
  ///
  /// @throws IOException if it can take no more, now and later
  default void idle() throws IOException {}

  /// Its pump has failed, and another sink goes on in its place: lets go without sending what it
  /// holds, and does not wait for anybody.
  ///
  /// @param reason for those that are connected to it
  default void abandon(String reason) throws IOException {
    close();
  }

  /// How many records it was handed and could not pass on, such as those that are too large where
  /// they should go. Any thread may ask.
  default long lost() {
    return 0;
  }

  /// Sends what it still holds and lets go.
  @Override
  void close() throws IOException;
}
