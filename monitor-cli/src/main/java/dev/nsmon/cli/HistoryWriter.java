package dev.nsmon.cli;

import dev.nsmon.event.EventFilter;
import dev.nsmon.format.EventFormat;
import dev.nsmon.journal.JournalReader;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Writes records of a journal as lines; JSON is as it was written down. Used by one thread.
///
/// Apart from the reader's, its failures are those of stdout: [#end] tells them.
final class HistoryWriter implements JournalReader.Taker {
  private static final int FULL_BYTES = 32 * 1024;

  /// What is found is not kept waiting while more is searched for.
  private static final long PATIENCE_NANOS = 100_000_000;

  private final OutputStream out;
  private final Function<String, EventFormat> formats;
  private final Map<String, EventFormat> byStream = new HashMap<>();
  private final RecordChoice choice;
  private final EventFilter filter;
  private final boolean wantsAll;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(2 * FULL_BYTES);
  private Optional<IOException> failure = Optional.empty();
  private final LongSupplier nanoTime;
  private long writtenNanos;
  private long remaining;

  /// @param formats by stream, of what has no JSON yet, and of all where something else is wanted
  /// @param limit how many records to write, control records not counted
  HistoryWriter(
      OutputStream out,
      Function<String, EventFormat> formats,
      RecordChoice choice,
      EventFilter filter,
      long limit,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.writtenNanos = nanoTime.getAsLong();
    this.out = out;
    this.formats = formats;
    this.choice = choice;
    this.filter = filter;
    this.wantsAll = filter.equals(EventFilter.ALL);
    this.remaining = limit;
  }

  @Override
  public boolean take(String stream, Entry entry) throws IOException {
    if (isWanted(entry)) {
      if (choice == RecordChoice.JSON && entry.json().isPresent()) {
        batch.writeBytes(entry.json().get());
        batch.write('\n');
      } else {
        EventFormat format = byStream.computeIfAbsent(stream, formats);
        format.write(entry.seq(), entry.event(), batch);
      }
      remaining -= entry.kind().isControl() ? 0 : 1;
    }
    if (batch.size() >= FULL_BYTES
        || (batch.size() > 0 && nanoTime.getAsLong() - writtenNanos >= PATIENCE_NANOS)) {
      flush();
    }
    return remaining > 0 && failure.isEmpty();
  }

  /// Most records need not be read for that.
  private boolean isWanted(Entry entry) {
    if (wantsAll || entry.kind().isControl()) {
      return true;
    }
    return (filter.kinds().isEmpty() || filter.kinds().contains(entry.kind()))
        && filter.passes(entry.event());
  }

  private void flush() {
    try {
      batch.writeTo(out);
    } catch (IOException e) {
      failure = Optional.of(e);
    }
    batch.reset();
    writtenNanos = nanoTime.getAsLong();
  }

  /// Writes what is left; why that could not be done.
  Optional<IOException> end() {
    if (failure.isEmpty()) {
      flush();
    }
    return failure;
  }
}
