package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import java.io.IOException;
import java.util.Optional;

/// What a search for holders reads with. It may be in the middle of a list or a file when its slice
/// is over, so that nobody else uses these buffers.
final class SearchReader implements AutoCloseable {
  final ProcFs proc;
  final NamespaceProbe probe;
  final TaskReader tasks;
  final DescriptorScan descriptors;

  /// In slices of whom it works; empty where a search is done in one go.
  private Optional<Slices> slices = Optional.empty();

  /// @throws IOException if there is no proc file system at the mount point
  SearchReader(ScanSettings settings, KernelCalls kernel) throws IOException {
    this.proc = new ProcFs(settings.mountPoint(), kernel);
    this.probe = new NamespaceProbe(proc, settings.kernelIds());
    this.tasks = new TaskReader(proc, this::pause);
    this.descriptors = new DescriptorScan(proc, tasks, this::pause);
  }

  /// Works in these slices from now on, or in one go.
  void in(Optional<Slices> these) {
    slices = these;
  }

  /// Lets the monitor go on if it has waited long enough.
  void pause() {
    slices.ifPresent(Slices::pause);
  }

  /// Makes a call that may take long, and that touches only what belongs to this reader.
  void away(Runnable call) {
    slices.ifPresentOrElse(these -> these.away(call), call);
  }

  @Override
  public void close() {
    proc.close();
  }
}
