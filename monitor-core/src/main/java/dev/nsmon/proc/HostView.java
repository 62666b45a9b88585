package dev.nsmon.proc;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// What this process can see of the host, found out by trying: for the doctor. One thread only.
public final class HostView implements AutoCloseable {
  private static final MemorySegment NET = ProcFs.name("net");
  private static final long NS_GET_ID = 0x8008_b70dL;

  private final ProcFs proc;
  private final TaskReader reader;
  private final NamespaceProbe probe;

  public HostView() throws IOException {
    proc = new ProcFs(ProcFs.MOUNT_POINT, new Libc());
    reader = new TaskReader(proc);
    probe = new NamespaceProbe(proc, true);
  }

  /// Whose namespaces can be read.
  ///
  /// @param readable how many processes show theirs
  /// @param denied comm and pid of those that do not
  /// @param listsFirst whether process 1 is listed; where it is not, others are hidden as well
  public record Reach(int readable, List<String> denied, boolean listsFirst) {}

  /// Tries every process.
  public Reach reach() throws IOException {
    DirectoryList pids = new DirectoryList(proc.libc());
    int list = proc.openList();
    pids.list(list, "/proc");
    proc.libc().close(list);
    int readable = 0;
    List<String> denied = new ArrayList<>();
    for (int i = 0; i < pids.size(); i++) {
      int directory = proc.openProcess(pids.number(i));
      if (directory < 0) {
        continue;
      }
      long error = reader.links().read(directory);
      if (Errno.isDenied(error)) {
        int pid = pids.number(i);
        denied.add(pid + reader.stat(directory).map(stat -> " " + stat.comm()).orElse(""));
      } else if (error == 0) {
        readable++;
      }
      proc.libc().close(directory);
    }
    return new Reach(readable, denied, pids.size() > 0 && pids.number(0) == 1);
  }

  /// Whether this process is in the namespace of that type which exists since boot.
  public boolean isInitial(NamespaceType type) {
    int self = proc.open(Libc.AT_FDCWD, ProcFs.name("/proc/self/ns"), Libc.O_PATH);
    reader.links().read(self);
    proc.libc().close(self);
    return reader.links().inodes()[type.ordinal()] == type.initialInode();
  }

  /// Empty if the kernel tells a namespace's id by `NS_GET_ID`, else why not.
  public String idProblem() {
    try (Arena arena = Arena.ofConfined()) {
      int fd = openOwnNet();
      int result = proc.libc().ioctl(fd, NS_GET_ID, arena.allocate(8, 8));
      proc.libc().close(fd);
      return result < 0 ? "NS_GET_ID: " + Errno.name(-result) : "";
    }
  }

  /// Empty if namespaces have file handles that open, else why not.
  public String handleProblem() {
    int fd = openOwnNet();
    long id = probe.id(fd);
    long inode = probe.inode(fd);
    proc.libc().close(fd);
    if (id < 0) {
      return "this kernel has no file handles for namespaces";
    }
    return probe.life(NamespaceType.NET, inode, id) == NamespaceProbe.Life.ALIVE
        ? ""
        : "a handle of the own network namespace does not open";
  }

  private int openOwnNet() {
    int self = proc.open(Libc.AT_FDCWD, ProcFs.name("/proc/self/ns"), Libc.O_PATH);
    int fd = proc.open(self, NET, Libc.O_RDONLY);
    proc.libc().close(self);
    return fd;
  }

  @Override
  public void close() {
    proc.close();
  }
}
