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

/// The events on all CPUs that are in use, as these come and go. One thread at a time.
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

  /// Opens them, with rings as large as fit.
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

  /// Whether all rings fit.
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
      return; // It has gone since it was listed, or comes only now: the next update will tell.
    }
    if (fd < 0) {
      throw new IOException(PerfAttr.refusal(-fd));
    }
    cpus.add(PerfCpu.map(libc, cpu, fd, ringBytes));
  }

  /// The rings of all, also of those that report nothing any more, as long as something is left.
  PerfRing[] rings() {
    return rings;
  }

  /// What rings when there is something in one of the rings; may not be had.
  PerfBells bells() {
    return bells;
  }

  /// Whether nothing is in any ring by now, be it too young to be taken.
  boolean areEmpty() {
    boolean empty = true;
    for (PerfRing ring : rings) {
      ring.look();
      empty &= ring.isEmpty();
    }
    return empty;
  }

  /// Whether the kernel counts exactly what it loses.
  boolean countsLost() {
    return (readFormat & PerfAttr.FORMAT_LOST) != 0;
  }

  /// How many records were lost since it was asked last, by the kernel's count.
  long drainLost() {
    long lost = 0;
    for (PerfCpu cpu : cpus) {
      cpu.read(values);
      lost += cpu.drainLost();
    }
    return lost;
  }

  /// Whether what lay in one of the rings, since it was asked last, was no record.
  boolean wereBroken() {
    boolean broken = false;
    for (PerfRing ring : rings) {
      broken |= ring.wasBroken();
    }
    return broken;
  }

  /// Opens the events of CPUs that have come and closes those of CPUs that have gone. To be called
  /// every second or so.
  ///
  /// @return whether a CPU was in use, or still is, without being watched
  boolean update() {
    boolean changed = closeRetired();
    BitSet online = online();
    BitSet missing = (BitSet) online.clone();
    for (PerfCpu cpu : cpus) {
      // Also where the kernel does not count losses, and so nothing else reads the counters.
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
        // Tried again a second later, and said each time.
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
