package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The threads that search for holders. One of them is in use; the others are blocked in a call for
/// a process that does not answer, or idle after such a call.
///
/// The owner's thread only.
final class SearchThreads implements AutoCloseable {
  /// Time for which searches skip a process that has blocked one.
  private static final Duration SILENCE = Duration.ofMinutes(10);

  /// Number of blocked threads from which on searches ask no process for its sockets.
  private static final int MOST_BLOCKED = 8;

  private final ScanSettings settings;
  private final Supplier<? extends KernelCalls> kernel;
  private final AtomicInteger asked;
  private final HostClock clock;

  /// The processes that did not answer, each with the time of that.
  private final Map<Slot, Long> silent = new HashMap<>();

  /// Those whose search was abandoned. They are used again when the blocked call has returned.
  private final List<SearchReader> abandoned = new ArrayList<>();

  private Runnable ready = () -> {};
  private SearchReader reader;

  /// @param asked receives the pid of each process before it is opened
  SearchThreads(
      ScanSettings settings,
      Supplier<? extends KernelCalls> kernel,
      AtomicInteger asked,
      HostClock clock)
      throws IOException {
    this.settings = settings;
    this.kernel = kernel;
    this.asked = asked;
    this.clock = clock;
    this.reader = newReader();
  }

  private SearchReader newReader() throws IOException {
    return new SearchReader(settings, kernel.get(), asked, clock, () -> ready.run());
  }

  /// Sets what to call when a search can continue that the owner did not wait for. The call comes
  /// from another thread.
  void whenReady(Runnable call) {
    ready = call;
  }

  /// The one in use.
  SearchReader reader() {
    return reader;
  }

  /// The processes that a search which begins now does not ask.
  ///
  /// @param now by [HostClock#nanoTime()]
  Predicate<Slot> silent(long now) {
    silent.values().removeIf(since -> now - since >= SILENCE.toNanos());
    long blocked = abandoned.stream().filter(one -> !one.slices.isIdle()).count();
    return slot -> blocked >= MOST_BLOCKED || silent.containsKey(slot);
  }

  /// Abandons the task of the one in use, which is blocked, and uses another one.
  ///
  /// @param asked the process that does not answer; null if it has ended
  /// @return false if that can't be done now, for want of descriptors
  boolean replace(Slot asked) {
    SearchReader blocking = reader;
    try {
      reader = spare();
    } catch (IOException e) {
      blocking.slices.waitLonger();
      return false;
    }
    if (asked != null) {
      silent.put(asked, clock.nanoTime());
    }
    blocking.slices.abandon();
    abandoned.add(blocking);
    return true;
  }

  private SearchReader spare() throws IOException {
    for (SearchReader one : abandoned) {
      if (one.slices.isIdle()) {
        abandoned.remove(one);
        return one;
      }
    }
    return newReader();
  }

  @Override
  public void close() {
    reader.close();
    abandoned.forEach(SearchReader::close);
  }
}
