package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Wakes the reader on the next record of any CPU while records are rare. On an idle host, polling
/// the rings by a timer would cost more than all other work.
///
/// Each CPU has a second event (`perf_event_open(2)`, "Overflow handling"). It writes the same
/// records to a ring of one page and wakes the poller with each. It is enabled only while the
/// reader waits, since a wake-up for each record of a storm would halve the fork rate. The ring is
/// mapped read-only. The kernel therefore overwrites old records and the ring is never full; its
/// content is never read.
///
/// One thread at a time, except for [#wake].
final class PerfBells implements AutoCloseable {
  private static final long PERF_EVENT_IOC_ENABLE = 0x2400;
  private static final long PERF_EVENT_IOC_DISABLE = 0x2401;
  private static final int POLLFD = 8;
  private static final short POLLIN = 1;

  private final Libc libc;

  /// The system calls of [#wake], which runs on another thread.
  private final Libc waker = new Libc();

  private final MemorySegment one = Arena.ofAuto().allocate(JAVA_LONG);
  private final List<Bell> bells = new ArrayList<>();
  private MemorySegment pollfds = MemorySegment.NULL;
  private int eventfd = -1;
  private boolean armed;

  private record Bell(int fd, long address, long length) {}

  PerfBells(Libc libc) {
    this.libc = libc;
    one.set(JAVA_LONG, 0, 1);
  }

  /// Opens a second event on each of these CPUs and closes the previous ones. If the kernel refuses
  /// one, or the eventfd, there are none at all.
  void hang(List<PerfCpu> cpus) {
    takeDown();
    if (eventfd < 0) {
      eventfd = libc.eventfd(Libc.EFD_CLOEXEC);
    }
    for (PerfCpu cpu : cpus) {
      if (!cpu.retired && (eventfd < 0 || !hang(cpu.number))) {
        takeDown();
        return;
      }
    }
    pollfds = Arena.ofAuto().allocate((long) POLLFD * (bells.size() + 1), POLLFD);
    for (int i = 0; i <= bells.size(); i++) {
      pollfds.set(JAVA_INT, (long) POLLFD * i, i == 0 ? eventfd : bells.get(i - 1).fd());
      pollfds.set(JAVA_SHORT, (long) POLLFD * i + 4, POLLIN);
    }
  }

  private boolean hang(int cpu) {
    int fd = PerfAttr.openBell(libc, cpu);
    if (fd < 0) {
      return false;
    }
    long length = 2L * libc.getpagesize();
    long address = libc.mmapShared(fd, length, Libc.PROT_READ);
    if (address < 0) {
      libc.close(fd);
      return false;
    }
    bells.add(new Bell(fd, address, length));
    return true;
  }

  /// True if the wake-up events are open. If not, the reader polls by its timer.
  boolean areThere() {
    return !bells.isEmpty();
  }

  /// Enables the wake-up events. The caller must check the rings once more after this, because a
  /// record written before it causes no wake-up.
  ///
  /// Enabling and disabling interrupt the event's CPU, so the events stay armed until [#disarm].
  void arm() {
    if (!armed) {
      armed = true;
      each(PERF_EVENT_IOC_ENABLE);
    }
  }

  private void each(long request) {
    bells.forEach(bell -> libc.ioctl(bell.fd(), request, MemorySegment.NULL));
  }

  /// Waits for a record, a call of [#wake] or the timeout. True if it was not the timeout.
  boolean await(int timeoutMillis) {
    return libc.poll(pollfds, bells.size() + 1, timeoutMillis) > 0;
  }

  /// Disables the wake-up events.
  void disarm() {
    if (armed) {
      armed = false;
      each(PERF_EVENT_IOC_DISABLE);
      // Clears wake-ups of further CPUs, which would end the next wait at once.
      await(0);
    }
  }

  /// Ends the current wait and all later ones. Any thread.
  void wake() {
    waker.write(eventfd, one, JAVA_LONG.byteSize());
  }

  private void takeDown() {
    for (Bell bell : bells) {
      libc.munmap(bell.address(), bell.length());
      libc.close(bell.fd());
    }
    bells.clear();
    armed = false;
  }

  @Override
  public void close() {
    takeDown();
    if (eventfd >= 0) {
      libc.close(eventfd);
      eventfd = -1;
    }
  }
}
