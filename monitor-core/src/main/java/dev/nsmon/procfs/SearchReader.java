package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.proc.DescriptorScan;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.proc.TaskReader;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// The buffers and the thread of a search for holders. A search can be in the middle of a list when
/// its slice ends, so that nothing else may use these buffers.
final class SearchReader implements AutoCloseable {
  final ProcFs proc;
  final NamespaceProbe probe;
  final TaskReader tasks;
  final DescriptorScan descriptors;
  final Slices slices;
  private final boolean sliced;

  /// @param asked receives the pid of each process before it is opened
  /// @param ready see [Slices]
  /// @throws IOException if there is no proc file system at the mount point
  SearchReader(
      ScanSettings settings,
      KernelCalls kernel,
      AtomicInteger asked,
      HostClock clock,
      Runnable ready)
      throws IOException {
    this.proc = new ProcFs(settings.mountPoint(), kernel, asked);
    this.probe = new NamespaceProbe(proc, settings.kernelIds());
    this.tasks = new TaskReader(proc, this::pause);
    this.descriptors = new DescriptorScan(proc, tasks, this::pause, Holdings.MOST);
    this.sliced = !settings.searchSlice().isZero();
    this.slices = new Slices(clock, proc::threadCpuNanos, ready, proc::close);
    if (sliced) {
      slices.start();
    }
  }

  /// Lets the monitor continue if the slice has ended.
  void pause() {
    if (sliced) {
      slices.pause();
    }
  }

  /// Makes a call that may block and that uses this reader only.
  void away(Runnable call) {
    if (sliced) {
      slices.away(call);
    } else {
      call.run();
    }
  }

  @Override
  public void close() {
    slices.close();
  }
}
