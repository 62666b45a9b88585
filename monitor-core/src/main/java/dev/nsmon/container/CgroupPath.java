package dev.nsmon.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parser of control group paths such as `/system.slice/docker-<id>.scope`, part by part; of nested
/// containers the innermost counts. A host process that supervises a container (conmon, LXC's
/// monitor, systemd-nspawn's supervisor) is in no container.
///
/// Sources: the runtimes' own code, and `systemd.unit(5)` for the escapes in a unit's name.
final class CgroupPath {
  private static final Pattern HEX_ID =
      Pattern.compile("(?:^|[-:])([0-9a-f]{64})(?:\\.scope)?$|^([0-9a-f]{64})$");

  /// The uid of a static pod is the hash of its manifest, which is no UUID.
  private static final Pattern POD =
      Pattern.compile(
          "((?:[^/]*-)?kubepods-(?:(besteffort|burstable)-)?)?"
              + "pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}"
              + "|[0-9a-f]{32})"
              + "(?:\\.slice)?(?::[^:/]+:[0-9a-f]{64})?");

  private static final Pattern MACHINE =
      Pattern.compile("systemd-nspawn@(.+)\\.service|machine-(.+)\\.scope", Pattern.DOTALL);

  /// The names under which libvirt registers virtual machines.
  private static final Pattern VIRTUAL = Pattern.compile("qemu-\\d+-");

  private static final String LXC = "lxc.payload.";
  private static final String SUPERVISOR = "supervisor";
  private static final String GUARANTEED = "guaranteed";
  private static final Set<String> LESSER = Set.of("besteffort", "burstable");
  private static final Set<String> UNITS = Set.of(".service", ".scope", ".socket", ".mount");

  private String id = "";
  private String runtime = "";
  private String podUid = "";
  private String qos = "";
  private String unit = "";

  private CgroupPath() {}

  static Container read(String path) {
    CgroupPath read = new CgroupPath();
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      String above = i == 0 ? "" : parts[i - 1];
      read.pod(parts[i], above);
      read.container(parts[i], above, i + 1 < parts.length ? parts[i + 1] : "");
      if (isUnit(parts[i])) {
        read.unit = parts[i];
      }
    }
    return read.told();
  }

  private Container told() {
    return id.isEmpty() && unit.isEmpty() && podUid.isEmpty()
        ? Container.NONE
        : new Container(id, runtime, podUid, qos, id.isEmpty() ? unit : "");
  }

  private void pod(String part, String above) {
    Matcher pod = POD.matcher(part);
    if (pod.matches()) {
      podUid = pod.group(3).replace('_', '-');
      if (pod.group(1) != null) {
        qos = pod.group(2) == null ? GUARANTEED : pod.group(2);
      } else {
        qos = LESSER.contains(above) ? above : above.equals("kubepods") ? GUARANTEED : "";
      }
    }
  }

  private void container(String part, String above, String below) {
    Matcher machine = MACHINE.matcher(part);
    Matcher hex = HEX_ID.matcher(part);
    if (machine.matches()) {
      String name = unescaped(machine.group(1) == null ? machine.group(2) : machine.group(1));
      if (!below.equals(SUPERVISOR) && !isVirtual(machine)) {
        is(name, "systemd-nspawn");
      }
    } else if (hex.find()) {
      String found = hex.group(1) == null ? hex.group(2) : hex.group(1);
      if (!isMonitor(part)) {
        is(found, runtimeOf(part.substring(0, part.indexOf(found)), above));
      }
    } else if (part.startsWith(LXC)) {
      is(part.substring(LXC.length()), "lxc");
    } else if (above.equals("lxc")) {
      is(part, "lxc");
    }
  }

  private void is(String name, String by) {
    if (!name.isEmpty()) {
      id = name;
      runtime = by;
    }
  }

  private static boolean isVirtual(Matcher machine) {
    return machine.group(2) != null && VIRTUAL.matcher(unescaped(machine.group(2))).lookingAt();
  }

  private static boolean isMonitor(String part) {
    return part.startsWith("crio-conmon-") || part.startsWith("libpod-conmon-");
  }

  /// The runtime, by the text before the id or, if there is none, by the part of the path above it.
  private static String runtimeOf(String prefix, String above) {
    if (prefix.startsWith("docker") || above.equals("docker")) {
      return "docker";
    }
    if (prefix.startsWith("cri-containerd")
        || prefix.startsWith("nerdctl")
        || prefix.contains(":cri-containerd:")) {
      return "containerd";
    }
    if (prefix.startsWith("crio")) {
      return "cri-o";
    }
    if (prefix.startsWith("libpod") || above.equals("libpod_parent")) {
      return "podman";
    }
    return switch (above) {
      // Namespaces of containerd, not of the kernel.
      case "default", "k8s.io" -> "containerd";
      case "lxc" -> "lxc";
      default -> "";
    };
  }

  private static boolean isUnit(String part) {
    return UNITS.contains(part.substring(Math.max(part.lastIndexOf('.'), 0)));
  }

  /// A path that [#read] parses to this container again, if the container was parsed from a path.
  static String write(Container container) {
    StringBuilder path = new StringBuilder();
    if (!container.unit().isEmpty()) {
      path.append('/').append(container.unit());
      Matcher machine = MACHINE.matcher(container.unit());
      path.append(machine.matches() ? "/" + SUPERVISOR : "");
    }
    String id = container.id();
    switch (container.runtime()) {
      case "docker" -> path.append("/docker-").append(id).append(".scope");
      case "containerd" -> path.append("/cri-containerd-").append(id).append(".scope");
      case "cri-o" -> path.append("/crio-").append(id).append(".scope");
      case "podman" -> path.append("/libpod-").append(id).append(".scope");
      case "lxc" -> path.append('/').append(LXC).append(id);
      case "systemd-nspawn" ->
          path.append("/systemd-nspawn@").append(escaped(id)).append(".service");
      default -> path.append(id.isEmpty() ? "" : "/" + id);
    }
    if (!container.podUid().isEmpty()) {
      // Last, because a name that a user chose may look like a pod.
      path.append(
              LESSER.contains(container.qos())
                  ? "/kubepods-" + container.qos() + "-pod"
                  : container.qos().equals(GUARANTEED) ? "/kubepods-pod" : "/pod")
          .append(container.podUid());
    }
    return path.toString();
  }

  /// Decodes systemd's escapes: `web\x2dfront` becomes `web-front`.
  private static String unescaped(String name) {
    if (name.indexOf('\\') < 0) {
      return name;
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      boolean escape = bytes[i] == '\\' && i + 3 < bytes.length && bytes[i + 1] == 'x';
      int high = escape ? Character.digit(bytes[i + 2], 16) : -1;
      int low = escape ? Character.digit(bytes[i + 3], 16) : -1;
      if (high >= 0 && low >= 0) {
        out.write(high << 4 | low);
        i += 3;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String escaped(String name) {
    StringBuilder text = new StringBuilder(name.length());
    for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
      if (one > 0 && (Character.isLetterOrDigit(one) || ":_.-@".indexOf(one) >= 0)) {
        text.append((char) one);
      } else {
        text.append("\\x%02x".formatted(one));
      }
    }
    return text.toString();
  }
}
