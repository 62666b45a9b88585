package dev.nsmon.container;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whose a process is, as its control group tells: no container runtime is asked. What the path
/// does not tell is empty.
///
/// @param id the runtime's id: 64 hex digits, or the name that LXC and systemd-nspawn use
/// @param runtime who runs it: `docker`, `containerd`, `cri-o`, `podman`, `lxc`, `systemd-nspawn`
/// @param podUid the Kubernetes pod
/// @param unit the systemd unit, where the process is in no container
public record Container(String id, String runtime, String podUid, String unit) {
  /// Of a process that nothing is known of.
  public static final Container NONE = new Container("", "", "", "");

  private static final Pattern HEX_ID =
      Pattern.compile("(?:^|[-:])([0-9a-f]{64})(?:\\.scope)?$|^([0-9a-f]{64})$");
  private static final Pattern POD =
      Pattern.compile(
          "pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})");
  private static final Pattern NSPAWN =
      Pattern.compile("^(?:systemd-nspawn@(.+)\\.service|machine-(.+)\\.scope)$");

  /// As many digits of an id as are asked for at least to name it.
  private static final int SHORTEST_ID = 4;

  private static volatile Read lastRead = new Read("", NONE);

  private record Read(String path, Container container) {}

  /// Whether anything is known.
  public boolean isKnown() {
    return !equals(NONE);
  }

  /// Reads a control group path such as `/system.slice/docker-<id>.scope`. Where containers are
  /// nested, the innermost counts.
  public static Container ofCgroup(String path) {
    // What comes one after the other is mostly of one group, and to read its path takes as long as
    // half a record.
    Read last = lastRead;
    if (!last.path.equals(path)) {
      last = new Read(path, read(path));
      lastRead = last;
    }
    return last.container;
  }

  private static Container read(String path) {
    String id = "";
    String runtime = "";
    String podUid = "";
    String unit = "";
    String above = "";
    for (String part : path.split("/", -1)) {
      Matcher pod = POD.matcher(part);
      if (pod.find()) {
        podUid = pod.group(1).replace('_', '-');
      }
      Matcher hex = HEX_ID.matcher(part);
      if (hex.find() && !part.startsWith("crio-conmon-") && !part.startsWith("libpod-conmon-")) {
        id = hex.group(1) == null ? hex.group(2) : hex.group(1);
        runtime = runtimeOf(part.substring(0, part.indexOf(id)), above);
      } else if (part.startsWith("lxc.payload.")) {
        id = part.substring("lxc.payload.".length());
        runtime = "lxc";
      } else {
        Matcher nspawn = NSPAWN.matcher(part);
        if (nspawn.matches()) {
          id = nspawn.group(1) == null ? nspawn.group(2) : nspawn.group(1);
          runtime = "systemd-nspawn";
        }
      }
      if (isUnit(part)) {
        unit = part;
      }
      above = part;
    }
    return id.isEmpty() && unit.isEmpty() && podUid.isEmpty()
        ? NONE
        : new Container(id, runtime, podUid, id.isEmpty() ? unit : "");
  }

  /// Whether this is what somebody means by this name: its id or the beginning of one of 64 digits,
  /// with or without the runtime as in `docker:3f2a91c0d5e1`, its pod or its unit.
  public boolean isCalled(String name) {
    boolean known = isKnown() && !name.isEmpty();
    return known
        && (isIdentified(name)
            || (!runtime.isEmpty()
                && name.startsWith(runtime + ":")
                && isIdentified(name.substring(runtime.length() + 1)))
            || name.equals(podUid)
            || name.equals(unit));
  }

  private boolean isIdentified(String name) {
    return name.equals(id)
        || (id.length() == 64 && name.length() >= SHORTEST_ID && id.startsWith(name));
  }

  /// A control group path that tells the same: [#ofCgroup] of it is this, if this is what it has
  /// ever told of a path.
  public String cgroup() {
    StringBuilder path = new StringBuilder();
    if (!unit.isEmpty()) {
      path.append('/').append(unit);
    }
    switch (runtime) {
      case "docker" -> path.append("/docker-").append(id).append(".scope");
      case "containerd" -> path.append("/cri-containerd-").append(id).append(".scope");
      case "cri-o" -> path.append("/crio-").append(id).append(".scope");
      case "podman" -> path.append("/libpod-").append(id).append(".scope");
      case "lxc" -> path.append("/lxc.payload.").append(id);
      case "systemd-nspawn" -> path.append("/systemd-nspawn@").append(id).append(".service");
      default -> path.append(id.isEmpty() ? "" : "/" + id);
    }
    // Last, for a name chosen by somebody may look like a pod.
    return path.append(podUid.isEmpty() ? "" : "/pod" + podUid).toString();
  }

  /// What stands before the id, or the part above it where nothing does, names the runtime.
  private static String runtimeOf(String prefix, String above) {
    if (prefix.startsWith("docker") || above.equals("docker")) {
      return "docker";
    }
    if (prefix.startsWith("cri-containerd") || prefix.contains(":cri-containerd:")) {
      return "containerd";
    }
    if (prefix.startsWith("crio")) {
      return "cri-o";
    }
    if (prefix.startsWith("libpod") || above.equals("libpod_parent")) {
      return "podman";
    }
    return "";
  }

  private static boolean isUnit(String part) {
    return part.endsWith(".service") || part.endsWith(".scope") || part.endsWith(".socket");
  }

  /// A short name for people: `docker:3f2a91c0d5e1`, or the unit.
  public Optional<String> label() {
    if (!id.isEmpty()) {
      String shortId = id.length() == 64 ? id.substring(0, 12) : id;
      return Optional.of(runtime.isEmpty() ? shortId : runtime + ":" + shortId);
    }
    return unit.isEmpty() ? Optional.empty() : Optional.of(unit);
  }
}
