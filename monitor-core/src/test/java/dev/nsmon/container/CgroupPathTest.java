package dev.nsmon.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Control group paths as the runtimes make them name container, pod and unit: what can't be run in
/// a test is told by its paths. Each row says who makes the path, and with which driver and version
/// of control groups.
final class CgroupPathTest {
  private static final String ID =
      "3f2a91c0d5e1b87640aa5c5e9d1f2e3b4a59687766554433221100ffeeddccbb";
  private static final String IN = "fedcba9876543210".repeat(4);
  private static final String POD = "0a1b2c3d-1111-2222-3333-445566778899";
  private static final String STATIC = "5f9b0a1c2d3e4f5061728394a5b6c7d8";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          Docker 20 to 28, cgroupfs, v1 and v2 | /docker/ID | docker | ID
          Docker 20 to 28, systemd, v2 | /system.slice/docker-ID.scope | docker | ID
          Docker, its init a systemd | /system.slice/docker-ID.scope/init.scope | docker | ID
          Docker, a unit of that | /system.slice/docker-ID.scope/system.slice/nginx.service | docker | ID
          Docker rootless, systemd, v2 | /user.slice/user-1000.slice/user@1000.service/user.slice/docker-ID.scope | docker | ID
          Docker, --cgroup-parent, cgroupfs | /ci/jobs/ID | "" | ID
          Amazon ECS on EC2, cgroupfs, v1 | /ecs/0a1b2c3d-aaaa-bbbb-cccc-445566778899/ID | "" | ID
          Docker in Docker, cgroupfs, v1 | /docker/ID/docker/IN | docker | IN
          Docker in Docker, v2, moved by its entrypoint | /system.slice/docker-ID.scope/docker/IN | docker | IN
          Docker in LXC, v2 | /lxc.payload.ci/system.slice/docker-IN.scope | docker | IN
          LXC in Docker, v1 | /docker/ID/lxc/web | lxc | web
          containerd 1.6 to 2.1, ctr run, cgroupfs: no id of 64 digits | /default/web | "" | ""
          nerdctl 1 and 2, cgroupfs | /default/ID | containerd | ID
          nerdctl 1 and 2, systemd, v2 | /system.slice/nerdctl-ID.scope | containerd | ID
          containerd, CRI without a pod's parent | /k8s.io/ID | containerd | ID
          Podman 3 to 5 rootful, systemd, v2, runc | /machine.slice/libpod-ID.scope | podman | ID
          Podman 3 to 5 rootful, systemd, v2, crun | /machine.slice/libpod-ID.scope/container | podman | ID
          Podman, in a pod, systemd, v2 | /machine.slice/machine-libpod_pod_IN.slice/libpod-ID.scope/container | podman | ID
          Podman, cgroupfs, v1 | /libpod_parent/libpod-ID | podman | ID
          Podman, in a pod, cgroupfs, v1 | /libpod_parent/IN/libpod-ID | podman | ID
          Podman rootless, systemd, v2 | /user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container | podman | ID
          Podman quadlet, --cgroups=split | /user.slice/user-1000.slice/user@1000.service/app.slice/web.service/libpod-payload-ID | podman | ID
          LXC 4 to 6, v2 | /lxc.payload.web/init.scope | lxc | web
          LXC 4 to 6, an attached process, v2 | /lxc.payload.web/.lxc | lxc | web
          LXC 2 and 3, v1 | /lxc/web/system.slice/cron.service | lxc | web
          Proxmox VE 7 and 8, v2 | /lxc/100/ns/init.scope | lxc | 100
          Incus and LXD, in a project, v2 | /lxc.payload.dev_web-1/system.slice/nginx.service | lxc | dev_web-1
          LXC in LXC, v2 | /lxc.payload.outer/lxc.payload.inner/init.scope | lxc | inner
          systemd-nspawn 240 to 257, by its unit, v2 | /machine.slice/systemd-nspawn@deb.service/payload/init.scope | systemd-nspawn | deb
          systemd-nspawn, a name with a dash, by its unit | /machine.slice/systemd-nspawn@web\\x2dfront.service/payload | systemd-nspawn | web-front
          systemd-nspawn, the same, not escaped | /machine.slice/systemd-nspawn@web-front.service/payload | systemd-nspawn | web-front
          systemd-nspawn 240 to 257, by hand, v2 | /machine.slice/machine-deb.scope/payload | systemd-nspawn | deb
          systemd-nspawn, a name with a dash, by hand | /machine.slice/machine-web\\x2dfront.scope/payload/init.scope | systemd-nspawn | web-front
          systemd-nspawn, v1 | /machine.slice/machine-deb.scope | systemd-nspawn | deb
          """)
  void aRuntimesPathTellsTheContainer(String who, String path, String runtime, String id) {
    assertEquals(new Container(fill(id), runtime, "", "", ""), told(path), who);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          containerd, systemd, v2, guaranteed | /kubepods.slice/kubepods-podPOD_.slice/cri-containerd-ID.scope | containerd | ID | POD | guaranteed
          containerd, systemd, v2, burstable | /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podPOD_.slice/cri-containerd-ID.scope | containerd | ID | POD | burstable
          containerd, systemd, v2, besteffort | /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podPOD_.slice/cri-containerd-ID.scope | containerd | ID | POD | besteffort
          any, cgroupfs, guaranteed | /kubepods/podPOD/ID | "" | ID | POD | guaranteed
          any, cgroupfs, burstable | /kubepods/burstable/podPOD/ID | "" | ID | POD | burstable
          any, cgroupfs, besteffort | /kubepods/besteffort/podPOD/ID | "" | ID | POD | besteffort
          containerd, systemd asked for by the kubelet alone | /system.slice/containerd.service/kubepods-burstable-podPOD_.slice:cri-containerd:ID | containerd | ID | POD | burstable
          the same, guaranteed | /system.slice/containerd.service/kubepods-podPOD_.slice:cri-containerd:ID | containerd | ID | POD | guaranteed
          Docker by dockershim or cri-dockerd, systemd | /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podPOD_.slice/docker-ID.scope | docker | ID | POD | besteffort
          CRI-O 1.2x, systemd, v2, runc | /kubepods.slice/kubepods-podPOD_.slice/crio-ID.scope | cri-o | ID | POD | guaranteed
          CRI-O 1.3x, systemd, v2, crun | /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podPOD_.slice/crio-ID.scope/container | cri-o | ID | POD | burstable
          CRI-O, cgroupfs | /kubepods/besteffort/podPOD/crio-ID | cri-o | ID | POD | besteffort
          a static pod, whose uid is a hash | /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podSTATIC.slice/cri-containerd-ID.scope | containerd | ID | STATIC | burstable
          a static pod, cgroupfs | /kubepods/podSTATIC/ID | "" | ID | STATIC | guaranteed
          kind 0.20, systemd, v2 | /docker/IN/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-podPOD_.slice/cri-containerd-ID.scope | containerd | ID | POD | besteffort
          kind, cgroupfs, v1 | /docker/IN/kubelet/kubepods/burstable/podPOD/ID | "" | ID | POD | burstable
          Docker in a pod | /kubepods/burstable/podPOD/IN/docker/ID | docker | ID | POD | burstable
          a pod below another parent | /batch/podPOD/ID | "" | ID | POD | ""
          the pod itself | /kubepods.slice/kubepods-podPOD_.slice | "" | "" | POD | guaranteed
          """)
  void kubernetesPathTellsThePodAndItsQualityOfService(
      String who, String path, String runtime, String id, String pod, String qos) {
    assertEquals(new Container(fill(id), runtime, fill(pod), qos, ""), told(path), who);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          CRI-O's conmon, systemd | /system.slice/crio-conmon-ID.scope | crio-conmon-ID.scope
          Podman's conmon, systemd | /machine.slice/libpod-conmon-ID.scope | libpod-conmon-ID.scope
          Podman's conmon rootless | /user.slice/user-1000.slice/user@1000.service/user.slice/libpod-conmon-ID.scope | libpod-conmon-ID.scope
          Podman's conmon, cgroupfs | /libpod_parent/conmon | ""
          Podman quadlet's conmon | /user.slice/user-1000.slice/user@1000.service/app.slice/web.service/supervisor | web.service
          LXC's monitor, v2 | /lxc.monitor.web | ""
          Proxmox's monitor, v2 | /lxc.monitor/100 | ""
          systemd-nspawn itself, by its unit | /machine.slice/systemd-nspawn@deb.service/supervisor | systemd-nspawn@deb.service
          systemd-nspawn itself, by hand | /machine.slice/machine-deb.scope/supervisor | machine-deb.scope
          libvirt, a virtual machine | /machine.slice/machine-qemu\\x2d1\\x2ddebian.scope/libvirt/emulator | machine-qemu\\x2d1\\x2ddebian.scope
          containerd's shim | /system.slice/containerd.service | containerd.service
          a unit | /system.slice/nginx.service | nginx.service
          a unit of a template | /system.slice/system-getty.slice/getty@tty1.service | getty@tty1.service
          a unit below a unit | /system.slice/nginx.service/worker | nginx.service
          a file system in user space | /system.slice/mnt-nas.mount | mnt-nas.mount
          a session | /user.slice/user-0.slice/session-3.scope | session-3.scope
          a user's unit | /user.slice/user-1000.slice/user@1000.service/app.slice/dbus.service | dbus.service
          an application of GNOME | /user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-0a1b.scope | vte-spawn-0a1b.scope
          systemd | /init.scope | init.scope
          the root | / | ""
          nothing | "" | ""
          65 digits | /docker/ID0 | ""
          63 digits | /docker/123456789abcdef123456789abcdef123456789abcdef123456789abcdef123 | ""
          capital digits | /docker/3F2A91C0D5E1B87640AA5C5E9D1F2E3B4A59687766554433221100FFEEDDCCBB | ""
          a pod of another shape | /kubepods/pod0a1b2c3d | ""
          """)
  void whoOnlyLooksAfterAContainerIsInNone(String who, String path, String unit) {
    assertEquals(
        unit.isEmpty() ? Container.NONE : new Container("", "", "", "", fill(unit)),
        told(path),
        who);
  }

  private static Container told(String path) {
    Container told = CgroupPath.read(fill(path));
    assertEquals(told, CgroupPath.read(told.cgroup()), "read back");
    return told;
  }

  private static String fill(String text) {
    return text.replace("STATIC", STATIC)
        .replace("POD_", POD.replace('-', '_'))
        .replace("POD", POD)
        .replace("ID", ID)
        .replace("IN", IN);
  }
}
