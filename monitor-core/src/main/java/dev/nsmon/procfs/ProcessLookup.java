package dev.nsmon.procfs;

import dev.nsmon.namespace.ProcessInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Reads what a snapshot leaves out of a process because it would be read for nothing: for a list
/// or a tree that is about to show it. One thread only.
public final class ProcessLookup implements AutoCloseable {
  private static final MemorySegment CMDLINE = ProcFs.name("../cmdline");
  private static final int LIMIT = 4096;

  private final ProcFs proc;
  private final TaskReader reader;

  public ProcessLookup() throws IOException {
    proc = new ProcFs(ScanSettings.DEFAULT.mountPoint());
    reader = new TaskReader(proc);
  }

  /// What is known of the process; [ProcessInfo#UNKNOWN] if it has gone.
  public ProcessInfo info(int pid) {
    int directory = proc.openProcess(pid);
    if (directory < 0) {
      return ProcessInfo.UNKNOWN;
    }
    try {
      return reader
          .stat(directory)
          .map(stat -> reader.info(directory, stat))
          .orElse(ProcessInfo.UNKNOWN);
    } finally {
      proc.libc.close(directory);
    }
  }

  /// Its command line with blanks between the arguments, at most 4 KiB of it, or its comm in
  /// brackets where it has none; empty if it has gone.
  public String command(int pid) {
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
      proc.libc.close(directory);
    }
  }

  @Override
  public void close() {
    proc.close();
  }
}
