package dev.nsmon.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The host that a stream is about. What can't be read is empty, and left out.
///
/// @param name its host name
/// @param id `machine-id(5)`
/// @param bootId `/proc/sys/kernel/random/boot_id`, another one after every boot: ids and pids are
///   names within it only
public record Host(String name, String id, String bootId) {

  /// What people call it: its name, or its id where that is unknown.
  public String shown() {
    return name.isEmpty() ? id : name;
  }

  /// What names it in keys: its id, or its name where it has none.
  public String key() {
    return id.isEmpty() ? name : id;
  }

  /// This host. Its name is the environment's `NODE_NAME` where there is one: in a pod the kernel
  /// tells the pod's.
  public static Host local() {
    String node = System.getenv().getOrDefault("NODE_NAME", "").strip();
    return new Host(
        node.isEmpty() ? line("/proc/sys/kernel/hostname") : node,
        line("/etc/machine-id"),
        line("/proc/sys/kernel/random/boot_id"));
  }

  private static String line(String path) {
    try {
      return Files.readString(Path.of(path)).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
