package dev.nsmon.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The host that a stream is about. Unknown values are empty and omitted from output.
///
/// @param name its host name
/// @param id `machine-id(5)`
/// @param bootId `/proc/sys/kernel/random/boot_id`, which changes with every boot: namespace ids
///   and pids are unique within a boot only
public record Host(String name, String id, String bootId) {

  /// The name for display: the host name, or the id if the name is unknown.
  public String shown() {
    return name.isEmpty() ? id : name;
  }

  /// The name in keys: the id, or the host name if there is no id.
  public String key() {
    return id.isEmpty() ? name : id;
  }

  /// The local host. The environment variable `NODE_NAME` overrides the host name, because in a pod
  /// the kernel's is that of the pod.
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
