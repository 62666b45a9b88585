package dev.nsmon.container;

import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.ProcessInfo;
import java.util.Optional;

/// The container, pod and systemd unit of a process: parsed from its control group path, with the
/// name that a runtime gave. Unknown texts are empty.
///
/// @param id the runtime's id: 64 hex digits, or the name that LXC and systemd-nspawn use
/// @param runtime the container runtime: `docker`, `containerd`, `cri-o`, `podman`, `lxc`,
///   `systemd-nspawn`
/// @param podUid uid of the Kubernetes pod
/// @param qos the pod's quality of service: `guaranteed`, `burstable`, `besteffort`
/// @param unit the systemd unit, if the process is in no container
/// @param called name and image according to the runtime
public record Container(
    String id, String runtime, String podUid, String qos, String unit, ContainerName called) {
  /// The value for a process of which nothing is known.
  public static final Container NONE = new Container("", "", "", "", "");

  /// A container whose runtime was not asked for a name.
  public Container(String id, String runtime, String podUid, String qos, String unit) {
    this(id, runtime, podUid, qos, unit, ContainerName.NONE);
  }

  /// The fewest leading digits of an id that select a container.
  private static final int SHORTEST_ID = 4;

  private static volatile Read lastRead = new Read("", NONE);

  private record Read(String path, Container container) {
    boolean is(String cgroup, ContainerName name) {
      return path.equals(cgroup) && (container.called == name || container.called.equals(name));
    }
  }

  /// The container of this process.
  public static Container of(ProcessInfo info) {
    // Successive calls are mostly for the same group, and parsing its path takes half as long as
    // writing a whole record.
    Read last = lastRead;
    if (!last.is(info.cgroup(), info.called())) {
      last = new Read(info.cgroup(), ofCgroup(info.cgroup()).called(info.called()));
      lastRead = last;
    }
    return last.container;
  }

  /// A copy with this name.
  public Container called(ContainerName name) {
    return name.equals(called) ? this : new Container(id, runtime, podUid, qos, unit, name);
  }

  /// True if anything is known.
  public boolean isKnown() {
    return !id.isEmpty()
        || !runtime.isEmpty()
        || !podUid.isEmpty()
        || !qos.isEmpty()
        || !unit.isEmpty()
        || !called.equals(ContainerName.NONE);
  }

  /// Parses a control group path such as `/system.slice/docker-<id>.scope`. Of nested containers
  /// the innermost counts.
  public static Container ofCgroup(String path) {
    return CgroupPath.read(path);
  }

  /// True if this text selects the container. It may be the id, the beginning of an id of 64
  /// digits, or either with the runtime, as in `docker:3f2a91c0d5e1`. It may also be the runtime's
  /// name for the container, the pod's uid or the unit.
  public boolean isCalled(String name) {
    boolean known = isKnown() && !name.isEmpty();
    return known
        && (isIdentified(name)
            || (!runtime.isEmpty()
                && name.startsWith(runtime + ":")
                && isIdentified(name.substring(runtime.length() + 1)))
            || name.equals(called.name())
            || name.equals(podUid)
            || name.equals(unit));
  }

  private boolean isIdentified(String name) {
    return name.equals(id)
        || (id.length() == 64 && name.length() >= SHORTEST_ID && id.startsWith(name));
  }

  /// A control group path with the same content: [#ofCgroup] of it equals this container without
  /// its name, if the container was parsed from a path.
  public String cgroup() {
    return CgroupPath.write(this);
  }

  /// A short name for people: `docker:3f2a91c0d5e1`, `docker:3f2a91c0d5e1 web` or the unit.
  public Optional<String> label() {
    if (!id.isEmpty()) {
      String shortId = id.length() == 64 ? id.substring(0, 12) : id;
      String name = called.name().isEmpty() ? "" : " " + called.name();
      return Optional.of((runtime.isEmpty() ? "" : runtime + ":") + shortId + name);
    }
    return unit.isEmpty() ? Optional.empty() : Optional.of(unit);
  }
}
