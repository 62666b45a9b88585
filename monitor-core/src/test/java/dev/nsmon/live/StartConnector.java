package dev.nsmon.live;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.netlink.ProcConnector;
import dev.nsmon.push.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tries to start the proc connector source wherever it is run, and says how that went. Arguments:
/// the inodes of the host's namespaces, or none.
final class StartConnector {

  private StartConnector() {}

  public static void main(String[] args) {
    long[] inodes = new long[NamespaceType.values().length];
    for (int i = 0; i < args.length; i++) {
      inodes[i] = Long.parseLong(args[i]);
    }
    try (ProcConnector source = new ProcConnector(new Inodes(inodes), HostClock.SYSTEM)) {
      source.start(push -> {});
      System.out.println("started");
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  /// Those of this process.
  static Inodes ownInodes() throws IOException {
    long[] inodes = new long[NamespaceType.values().length];
    for (NamespaceType type : NamespaceType.values()) {
      String name = Files.readSymbolicLink(Path.of("/proc/self/ns/" + type)).toString();
      inodes[type.ordinal()] = Long.parseLong(name.replaceAll("[^0-9]", ""));
    }
    return new Inodes(inodes);
  }
}
