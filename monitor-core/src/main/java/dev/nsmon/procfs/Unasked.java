package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Task;

/// The namespaces that could not be asked for their ids, and whose they are, when they were told:
/// asks the live processes that are in one of them.
final class Unasked {
  private final Scan scan;

  Unasked(Scan scan) {
    this.scan = scan;
  }

  void ask() {
    for (int i = 0; scan.probe.hasKernelIds() && i < scan.slots.size(); i++) {
      Slot slot = scan.slots.get(i);
      if (slot.task.state() == Task.State.LIVE && slot.place.hasUnasked()) {
        int directory = scan.proc.openProcess(slot.pid);
        if (directory >= 0) {
          if (scan.reader.links().read(directory) == 0
              && slot.place.isAt(scan.reader.links().inodes())) {
            scan.reported.find(
                slot.place.inodes(), slot.place, scan.reader.links(), new OpenWitness(directory));
          }
          scan.proc.libc().close(directory);
        }
      }
    }
  }

  /// A process that is in all of them.
  private record OpenWitness(int directory) implements ReportedPlaces.Witness {
    @Override
    public int directory(NamespaceLink link, long inode) {
      return directory;
    }

    @Override
    public boolean isDeserted(Known known, boolean gone) {
      return false;
    }
  }
}
