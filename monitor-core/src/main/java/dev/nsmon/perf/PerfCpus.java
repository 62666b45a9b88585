package dev.nsmon.perf;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The events on all online CPUs; follows CPU hotplug. One thread at a time.
final class PerfCpus implements AutoCloseable {
  private static final int LEAST_BYTES = 64 * 1024;
  private static final long MOST_BYTES_IN_ALL = 64L << 20;

  private final Libc libc;
  private final PerfTuning tuning;
  private final MemorySegment values = Arena.ofAuto().allocate(24, 8);
  private final List<PerfCpu> cpus = new ArrayList<>();
  private final PerfBells bells;
  private CpuList list;
  private PerfRing[] rings = new PerfRing[0];
  private long readFormat;
  private int ringBytes;

  PerfCpus(Libc libc, PerfTuning tuning) {
    this.libc = libc;
    this.tuning = tuning;
    this.readFormat = tuning.readFormat();
    this.bells = new PerfBells(libc);
  }

  /// Opens an event on every online CPU, with the largest rings that the memory limits allow.
  ///
  /// @throws IOException if the kernel refuses, with a message that says why
  void open() throws IOException {
    list = new CpuList(libc, tuning.onlineCpus());
    try {
      BitSet online = list.read();
      ringBytes = tuning.ringBytes();
      while (ringBytes > LEAST_BYTES
          && (long) ringBytes * online.cardinality() > MOST_BYTES_IN_ALL) {
        ringBytes /= 2;
      }
      while (!open(online)) {
        ringBytes /= 2;
      }
    } catch (IOException e) {
      close();
      throw e;
    }
    listRings();
  }

  /// Opens an event on each of these CPUs. Returns false, with all closed again, if the rings
  /// exceed the limit of locked memory and a smaller size remains to be tried.
  private boolean open(BitSet online) throws IOException {
    try {
      for (int cpu = online.nextSetBit(0); cpu >= 0; cpu = online.nextSetBit(cpu + 1)) {
        open(cpu);
      }
      return true;
    } catch (ErrnoException e) {
      boolean limit = e.errno() == Errno.EPERM || e.errno() == Errno.ENOMEM;
      if (limit && ringBytes > LEAST_BYTES) {
        closeAll();
        return false;
      }
      String remedy = ": needs CAP_IPC_LOCK, more RLIMIT_MEMLOCK or kernel.perf_event_mlock_kb";
      throw new IOException(e.getMessage() + (limit ? remedy : ""), e);
    }
  }

  private void open(int cpu) throws IOException {
    int fd = PerfAttr.open(libc, cpu, readFormat);
    if (fd == -Errno.EINVAL && (readFormat & PerfAttr.FORMAT_LOST) != 0) {
      fd = PerfAttr.open(libc, cpu, PerfAttr.FORMAT_TOTAL_TIME_ENABLED);
      if (fd >= 0) {
        readFormat = PerfAttr.FORMAT_TOTAL_TIME_ENABLED;
      }
    }
    if (fd == -Errno.ENODEV) {
      return; // Offline by now, or not yet online: the next update decides.
    }
    if (fd < 0) {
      throw new IOException(PerfAttr.refusal(-fd));
    }
    cpus.add(PerfCpu.map(libc, cpu, fd, ringBytes));
  }

  /// The rings of all events, including those of offline CPUs that still hold unread records.
  PerfRing[] rings() {
    return rings;
  }

  /// The wake-up events of these CPUs. They may be missing ([PerfBells#areThere]).
  PerfBells bells() {
    return bells;
  }

  /// True if no ring holds a record, including those that are too young to be read yet.
  boolean areEmpty() {
    boolean empty = true;
    for (PerfRing ring : rings) {
      ring.look();
      empty &= ring.isEmpty();
    }
    return empty;
  }

  /// True if at least one ring is more than half full.
  boolean areHalfFull() {
    boolean halfFull = false;
    for (PerfRing ring : rings) {
      ring.look();
      halfFull |= ring.isHalfFull();
    }
    return halfFull;
  }

  /// True if the kernel counts every lost record (`PERF_FORMAT_LOST`, Linux 6.0).
  boolean countsLost() {
    return (readFormat & PerfAttr.FORMAT_LOST) != 0;
  }

  /// The number of records lost since the last call, by the kernel's counters. Use it only if
  /// [#countsLost].
  long drainLost() {
    long lost = 0;
    for (PerfCpu cpu : cpus) {
      cpu.read(values);
      lost += cpu.drainLost();
    }
    return lost;
  }

  /// True if, since the last call, a ring held data that is no valid record. Its unread content was
  /// then skipped, so an unknown number of records is lost.
  boolean wereBroken() {
    boolean broken = false;
    for (PerfRing ring : rings) {
      broken |= ring.wasBroken();
    }
    return broken;
  }

  /// Opens events on CPUs that have come online and retires those of CPUs that have gone. Called
  /// about once a second.
  ///
  /// @return true if records may be missing, because a CPU was online without an event or still is
  boolean update() {
    boolean changed = closeRetired();
    BitSet online = online();
    BitSet missing = (BitSet) online.clone();
    for (PerfCpu cpu : cpus) {
      // Needed even without PERF_FORMAT_LOST, because wasEnabled() uses what it reads.
      cpu.read(values);
      boolean works = cpu.wasEnabled();
      cpu.retired |= !works || !online.get(cpu.number);
      if (!cpu.retired) {
        missing.clear(cpu.number);
      }
    }
    for (int cpu = missing.nextSetBit(0); cpu >= 0; cpu = missing.nextSetBit(cpu + 1)) {
      try {
        open(cpu);
        changed = true;
      } catch (IOException e) {
        // The next update tries again. Until then each update returns true, so each reports a loss.
      }
    }
    if (changed) {
      listRings();
    }
    return !missing.isEmpty();
  }

  private boolean closeRetired() {
    boolean closed = false;
    for (int i = cpus.size() - 1; i >= 0; i--) {
      PerfCpu cpu = cpus.get(i);
      if (cpu.retired && cpu.ring.isEmpty()) {
        cpu.close();
        cpus.remove(i);
        closed = true;
      }
    }
    return closed;
  }

  private BitSet online() {
    try {
      return list.read();
    } catch (IOException e) {
      BitSet same = new BitSet();
      cpus.forEach(cpu -> same.set(cpu.number));
      return same;
    }
  }

  private void listRings() {
    rings = new PerfRing[cpus.size()];
    for (int i = 0; i < rings.length; i++) {
      rings[i] = cpus.get(i).ring;
    }
    bells.hang(cpus);
  }

  private void closeAll() {
    cpus.forEach(PerfCpu::close);
    cpus.clear();
  }

  @Override
  public void close() {
    closeAll();
    bells.close();
    if (list != null) {
      list.close();
      list = null;
    }
  }
}
