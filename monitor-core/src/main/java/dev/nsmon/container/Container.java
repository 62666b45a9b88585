package dev.nsmon.container;

import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.ProcessInfo;
import java.util.Optional;

/// Whose a process is, as its control group tells, and a runtime where one was asked. What they do
/// not tell is empty.
///
/// @param id the runtime's id: 64 hex digits, or the name that LXC and systemd-nspawn use
/// @param runtime who runs it: `docker`, `containerd`, `cri-o`, `podman`, `lxc`, `systemd-nspawn`
/// @param podUid the Kubernetes pod
/// @param qos its quality of service: `guaranteed`, `burstable`, `besteffort`
/// @param unit the systemd unit, where the process is in no container
/// @param called what the runtime calls it
public record Container(
    String id, String runtime, String podUid, String qos, String unit, ContainerName called) {
  /// Of a process that nothing is known of.
  public static final Container NONE = new Container("", "", "", "", "");

  /// One that no runtime was asked for.
  public Container(String id, String runtime, String podUid, String qos, String unit) {
    this(id, runtime, podUid, qos, unit, ContainerName.NONE);
  }

  /// As many digits of an id as are asked for at least to name it.
  private static final int SHORTEST_ID = 4;

  private static volatile Read lastRead = new Read("", NONE);

  private record Read(String path, Container container) {
    boolean is(String cgroup, ContainerName name) {
      return path.equals(cgroup) && (container.called == name || container.called.equals(name));
    }
  }

  /// Whose this process is.
  public static Container of(ProcessInfo info) {
    // What comes one after the other is mostly of one group, and to read its path takes as long as
    // half a record.
    Read last = lastRead;
    if (!last.is(info.cgroup(), info.called())) {
      last = new Read(info.cgroup(), ofCgroup(info.cgroup()).called(info.called()));
      lastRead = last;
    }
    return last.container;
  }

  /// The same, called so.
  public Container called(ContainerName name) {
    return name.equals(called) ? this : new Container(id, runtime, podUid, qos, unit, name);
  }

  /// Whether anything is known.
  public boolean isKnown() {
    return !id.isEmpty()
        || !runtime.isEmpty()
        || !podUid.isEmpty()
        || !qos.isEmpty()
        || !unit.isEmpty()
        || !called.equals(ContainerName.NONE);
  }

  /// Reads a control group path such as `/system.slice/docker-<id>.scope`. Where containers are
  /// nested, the innermost counts.
  public static Container ofCgroup(String path) {
    return CgroupPath.read(path);
  }

  /// Whether this is what somebody means by this name: its id or the beginning of one of 64 digits,
  /// with or without the runtime as in `docker:3f2a91c0d5e1`, what the runtime calls it, its pod or
  /// its unit.
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

  /// A control group path that tells the same: [#ofCgroup] of it is this, if this is what it has
  /// ever told of a path.
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
