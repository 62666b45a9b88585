package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.proc.DescriptorScan;
import dev.nsmon.proc.DescriptorScan.Findings;
import dev.nsmon.proc.DirectoryList;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.proc.TaskReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Reads the descriptors of all processes on a thread of its own while the first look reads their
/// links: both take about as long, and `list` waits for both. Later searches have little to read.
final class FirstScan {
  /// What was found of a process, and the CPU time that it had used before.
  record Scanned(Findings findings, long cpuNanos) {}

  private final Map<Integer, Scanned> found = new HashMap<>();
  private final Thread thread;

  private FirstScan(String mountPoint, Supplier<? extends KernelCalls> kernel, int[] pids) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("first-scan")
            .start(() -> scan(mountPoint, kernel.get(), pids));
  }

  static FirstScan start(
      String mountPoint, Supplier<? extends KernelCalls> kernel, DirectoryList pids) {
    int[] copy = new int[pids.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = pids.number(i);
    }
    return new FirstScan(mountPoint, kernel, copy);
  }

  private void scan(String mountPoint, KernelCalls kernel, int[] pids) {
    try (ProcFs proc = new ProcFs(mountPoint, kernel)) {
      DescriptorScan scan = new DescriptorScan(proc, new TaskReader(proc), () -> {}, Holdings.MOST);
      for (int pid : pids) {
        long cpuNanos = proc.cpuNanos(pid);
        found.put(pid, new Scanned(scan.scan(pid), cpuNanos));
      }
    } catch (IOException e) {
      // What is not found here the search reads itself.
    }
  }

  /// Waits for what was found, by pid.
  Map<Integer, Scanned> found() {
    try {
      thread.join();
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }
}
