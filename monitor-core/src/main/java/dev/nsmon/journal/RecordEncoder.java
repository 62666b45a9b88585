package dev.nsmon.journal;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// Encodes entries as the JSON records of the journal. For a large batch, a second thread encodes
/// the later entries while the writer's thread writes the first ones. Encoding is about a third of
/// the writer's work. Used by the writer's thread.
final class RecordEncoder {
  /// Smallest batch that uses the second thread. A smaller one is encoded before that thread has
  /// woken up.
  private static final int MANY = 256;

  /// The writer's thread encodes one part of this many parts of a large batch. While it also writes
  /// that part, the second thread encodes the rest.
  private static final int OWN_PART = 4;

  private final JsonFormat format;

  RecordEncoder(JsonFormat format) {
    this.format = format;
  }

  /// Starts the second thread for the later entries, if the batch is large.
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

  /// The JSON record of an entry. Encodes it only once and stores it in the entry, so that sinks
  /// can send the same bytes.
  byte[] record(Entry entry) {
    if (entry.json().isPresent()) {
      return entry.json().get();
    }
    byte[] record = format.record(entry.seq(), entry.event());
    entry.writtenAs(record);
    return record;
  }

  /// The part of a batch that the second thread encodes.
  static final class Ahead {
    private final int begin;
    private final Future<?> rest;

    private Ahead(int begin, Future<?> rest) {
      this.begin = begin;
      this.rest = rest;
    }

    /// The index of the first entry that the second thread encodes; the size of the batch if it
    /// encodes none.
    int begin() {
      return begin;
    }

    /// Waits until the second thread has encoded its part.
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
