package dev.nsmon.cli;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.ScanSettings;
import java.io.IOException;

/// A single scan of the host, for commands that print it once.
final class OneLook {
  private OneLook() {}

  static Snapshot take(ScanSettings.Describe describe) throws IOException {
    ScanSettings settings =
        ScanSettings.DEFAULT.withDescribe(describe).withSearchSlice(MonitorOptions.SEARCH_SLICE);
    try (ProcScanner scanner = new ProcScanner(settings, HostClock.SYSTEM)) {
      return scanner.look();
    }
  }
}
