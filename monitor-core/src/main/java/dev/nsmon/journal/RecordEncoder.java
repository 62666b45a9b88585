package dev.nsmon.journal;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// Gives entries the JSON that the journal has of them. Where many come at once, a second thread
/// does that for the later ones while the writer's writes the first: encoding is a third of the
/// writer's work, and there are more CPUs than one. Used by the writer's thread.
final class RecordEncoder {
  /// Fewer are done before the other thread has woken.
  private static final int MANY = 256;

  /// Which part of many the writer's thread encodes itself. Until it has written them too, the
  /// other one is done with the rest.
  private static final int OWN_PART = 4;

  private final JsonFormat format;

  RecordEncoder(JsonFormat format) {
    this.format = format;
  }

  /// Has the later ones encoded by the other thread, if that is worth it.
  Ahead begin(List<Entry> entries) {
    int size = entries.size();
    if (size < MANY) {
      return new Ahead(size, null);
    }
    int own = size / OWN_PART;
    List<Entry> later = entries.subList(own, size);
    FutureTask<Void> rest = new FutureTask<>(() -> later.forEach(this::record), null);
    Thread.ofVirtual().name("journal-encode").start(rest);
    return new Ahead(own, rest);
  }

  /// The JSON of an entry, as all who publish it send it.
  byte[] record(Entry entry) {
    if (entry.json().isPresent()) {
      return entry.json().get();
    }
    byte[] record = format.record(entry.seq(), entry.event());
    entry.writtenAs(record);
    return record;
  }

  /// What the other thread does.
  static final class Ahead {
    private final int begin;
    private final Future<?> rest;

    private Ahead(int begin, Future<?> rest) {
      this.begin = begin;
      this.rest = rest;
    }

    /// The place of the first that it encodes; the number of all if it does nothing.
    int begin() {
      return begin;
    }

    /// Waits until it has done so.
    void await() throws InterruptedException {
      try {
        if (rest != null) {
          rest.get();
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
