package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Waits for the next record of any CPU while there are few: to look at the rings by the clock
/// costs more than all else on a host where nothing happens.
///
/// Each CPU has a second event, which writes the same records to a ring of one page and wakes up
/// whoever polls it with each (`perf_event_open(2)`, "Overflow handling"). It is switched on only
/// for as long as somebody waits, since to be woken for each record of a storm would halve its
/// rate. The ring is mapped to be read, so that the kernel overwrites what is in it and it is never
/// full; nobody reads it.
///
/// One thread at a time, but for [#wake].
final class PerfBells implements AutoCloseable {
  private static final long PERF_EVENT_IOC_ENABLE = 0x2400;
  private static final long PERF_EVENT_IOC_DISABLE = 0x2401;
  private static final int POLLFD = 8;
  private static final short POLLIN = 1;

  private final Libc libc;

  /// Another thread's, for [#wake].
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

  /// Hangs one on each of these CPUs, and takes down those that hung before. Where the kernel
  /// refuses one, there are none.
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

  /// Whether there are any.
  boolean areThere() {
    return !bells.isEmpty();
  }

  /// Lets the next record ring. What was written before must be looked for once more now.
  ///
  /// The kernel switches an event on and off on its CPU, which it interrupts: so they stay armed
  /// for as long as none rings.
  void arm() {
    if (!armed) {
      armed = true;
      each(PERF_EVENT_IOC_ENABLE);
    }
  }

  private void each(long request) {
    bells.forEach(bell -> libc.ioctl(bell.fd(), request, MemorySegment.NULL));
  }

  /// Waits until a bell rings or somebody calls [#wake], at most so long; whether one did.
  boolean await(int timeoutMillis) {
    return libc.poll(pollfds, bells.size() + 1, timeoutMillis) > 0;
  }

  /// Records come and go in silence again.
  void disarm() {
    if (armed) {
      armed = false;
      each(PERF_EVENT_IOC_DISABLE);
      // Others may have rung as well, which is not to wake who waits next.
      await(0);
    }
  }

  /// Ends this wait and all that follow.
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
