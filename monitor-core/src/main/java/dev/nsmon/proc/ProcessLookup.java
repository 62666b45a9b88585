package dev.nsmon.proc;

import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Reads what a snapshot leaves out of a process because it would be read for nothing: for a list
/// or a tree that is about to show it. One thread only.
public final class ProcessLookup implements AutoCloseable {
  private static final MemorySegment CMDLINE = ProcFs.name("../cmdline");
  private static final int LIMIT = 4096;

  private final ProcFs proc;
  private final TaskReader reader;

  /// A process is often the first in all its namespaces.
  private final Map<Integer, String> commands = new HashMap<>();

  public ProcessLookup() throws IOException {
    proc = new ProcFs(ProcFs.MOUNT_POINT, new Libc());
    reader = new TaskReader(proc);
  }

  /// The uid that owns it, its effective one unless it has something to hide (`proc(5)`); -1 if it
  /// has gone.
  public int uid(int pid) {
    return proc.owner(pid);
  }

  /// Its command line with blanks between the arguments, at most 4 KiB of it, or its comm in
  /// brackets where it has none; empty if it has gone.
  public String command(int pid) {
    return commands.computeIfAbsent(pid, this::readCommand);
  }

  private String readCommand(int pid) {
    int directory = proc.openProcess(pid);
    if (directory < 0) {
      return "";
    }
    try {
      Stat stat = reader.stat(directory).orElse(null);
      if (stat == null) {
        return "";
      }
      // A process stuck in the kernel may hold the lock that its command line is read under.
      int length = stat.state() == 'D' ? 0 : proc.readHead(directory, CMDLINE, LIMIT);
      if (length <= 0) {
        return stat.isKernelThread() ? "[" + stat.comm() + "]" : stat.comm();
      }
      byte[] line = proc.content();
      while (length > 0 && line[length - 1] == 0) {
        length--;
      }
      return new String(line, 0, length, StandardCharsets.UTF_8).replace('\0', ' ');
    } finally {
      proc.libc().close(directory);
    }
  }

  @Override
  public void close() {
    proc.close();
  }
}
