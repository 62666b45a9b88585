package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The event on one CPU, its ring and its counters. One thread at a time.
///
/// `read(2)` yields `u64 value, time_enabled, lost` (`lost` since Linux 6.0). The enabled time
/// stops when the CPU goes offline. When the CPU comes back, the event does not, and a new one must
/// be opened.
final class PerfCpu implements AutoCloseable {
  final int number;
  final PerfRing ring;

  /// The event yields no more records, because its CPU has gone offline. Set by [PerfCpus#update],
  /// never cleared. The event is closed once its ring has been drained.
  boolean retired;

  private final Libc libc;
  private final int fd;
  private final long address;
  private final long length;
  private long enabled;
  private long enabledBefore;
  private long lost;
  private long lostTold;

  @SuppressWarnings("restricted")
  private PerfCpu(Libc libc, int number, int fd, long address, long length) {
    this.libc = libc;
    this.number = number;
    this.fd = fd;
    this.address = address;
    this.length = length;
    this.ring = new PerfRing(MemorySegment.ofAddress(address).reinterpret(length));
  }

  /// Maps the ring of an event.
  ///
  /// @param fd the event; closed if mapping fails
  /// @throws ErrnoException if it can't be mapped; EPERM means the limit of locked memory
  static PerfCpu map(Libc libc, int number, int fd, int ringBytes) throws IOException {
    long length = (long) libc.getpagesize() + ringBytes;
    long address = libc.mmapShared(fd, length, Libc.PROT_READ | Libc.PROT_WRITE);
    if (address < 0) {
      libc.close(fd);
      throw new ErrnoException("mmap of a perf ring", (int) -address);
    }
    return new PerfCpu(libc, number, fd, address, length);
  }

  /// Reads the counters, for [#drainLost] and [#wasEnabled]. Keeps the old values if `read(2)`
  /// fails.
  ///
  /// @param values scratch space for three longs
  void read(MemorySegment values) {
    values.fill((byte) 0);
    if (libc.read(fd, values, values.byteSize()) > 0) {
      enabled = values.get(JAVA_LONG, 8);
      lost = values.get(JAVA_LONG, 16);
    }
  }

  /// The number of records that the kernel could not write, according to the last [#read], less
  /// what earlier calls returned.
  long drainLost() {
    long count = lost - lostTold;
    lostTold = lost;
    return count;
  }

  /// True if the event's enabled time, as [#read] saw it last, has grown since the previous call.
  /// False means that the CPU is offline.
  boolean wasEnabled() {
    boolean was = enabled != enabledBefore;
    enabledBefore = enabled;
    return was;
  }

  @Override
  public void close() {
    libc.munmap(address, length);
    libc.close(fd);
  }
}
