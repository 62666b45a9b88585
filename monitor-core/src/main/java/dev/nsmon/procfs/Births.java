package dev.nsmon.procfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.proc.ProcFs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// Counts the namespaces that are born on the host, whether anybody sees them or not.
///
/// Since Linux 6.18 each namespace takes the next number of the CPU that makes it, and a CPU takes
/// numbers in batches of 4096 ([BirthCount]). So whoever makes a namespace on each CPU, and later
/// another, learns from the two ids how many came in between. The calling thread visits every CPU
/// and leaves its uts namespace for that: 30 us for each, with CAP_SYS_ADMIN. It is back when the
/// call returns.
final class Births implements AutoCloseable {
  private static final int UTS = NamespaceType.UTS.cloneFlag();
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");
  private static final int MASK_BYTES = 1024;

  private final ProcFs proc;
  private final NamespaceProbe probe;
  private final MemorySegment own = ProcFs.name("/proc/thread-self/ns/uts");
  private final MemorySegment all = Arena.global().allocate(MASK_BYTES, 8);
  private final MemorySegment one = Arena.global().allocate(MASK_BYTES, 8);
  private final BirthCount count = new BirthCount();
  private int home = -1;
  private boolean possible = true;

  Births(ProcFs proc, NamespaceProbe probe) {
    this.proc = proc;
    this.probe = probe;
  }

  /// How many were born since the first call; empty if this can't be told here.
  OptionalLong count() {
    if (!possible || !probe.hasKernelIds()) {
      return OptionalLong.empty();
    }
    if (home < 0) {
      home = proc.open(Libc.AT_FDCWD, own, Libc.O_RDONLY);
    }
    // In a child user namespace one may leave home and not return.
    boolean mayReturn = home >= 0 && proc.libc().setns(home, UTS) == 0;
    possible = mayReturn && proc.libc().schedGetaffinity(all) >= 0 && visitAll();
    return possible ? OptionalLong.of(count.total()) : OptionalLong.empty();
  }

  /// The ids of this moment; empty if they can't be told here, or this process may not run on all
  /// CPUs, so that what those make that it may not is unknown.
  Optional<BirthIds> ids() {
    if (count().isEmpty() || count.last().byCpu().size() != online()) {
      return Optional.empty();
    }
    return Optional.of(count.last());
  }

  /// How many CPUs there are; -1 if that can't be read.
  private static int online() {
    int cpus = 0;
    try {
      for (String range : Files.readString(ONLINE).strip().split(",", -1)) {
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        cpus += dash < 0 ? 1 : Integer.parseInt(range.substring(dash + 1)) - first + 1;
      }
      return cpus;
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }

  private boolean visitAll() {
    count.begin();
    boolean visited = true;
    for (int cpu = 0; visited && cpu < MASK_BYTES * 8; cpu++) {
      if ((all.get(JAVA_BYTE, cpu >> 3) >> (cpu & 7) & 1) != 0) {
        visited = visit(cpu);
      }
    }
    boolean back = proc.libc().setns(home, UTS) == 0 && proc.libc().schedSetaffinity(all) == 0;
    if (!back) {
      throw new IllegalStateException("can't return to the own uts namespace and CPUs");
    }
    count.end();
    return visited;
  }

  private boolean visit(int cpu) {
    one.fill((byte) 0);
    one.set(JAVA_BYTE, cpu >> 3, (byte) (1 << (cpu & 7)));
    if (proc.libc().schedSetaffinity(one) < 0 || proc.libc().unshare(UTS) < 0) {
      return false;
    }
    int fd = proc.open(Libc.AT_FDCWD, own, Libc.O_RDONLY);
    long id = probe.id(fd);
    proc.libc().close(fd);
    if (id < 0) {
      return false;
    }
    count.made(cpu, id);
    return true;
  }

  @Override
  public void close() {
    if (home >= 0) {
      proc.libc().close(home);
    }
  }
}
