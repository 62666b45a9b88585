package dev.nsmon.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Control group paths as the runtimes make them name container, pod and unit.
final class ContainerTest {
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final String OTHER = "fedcba9876543210".repeat(4);
  private static final String POD = "0a1b2c3d-1111-2222-3333-445566778899";

  private static final List<String> PIECES =
      List.of(
          "ID",
          "OTHER",
          "podPOD",
          "podPOD_",
          "docker",
          "docker-",
          "cri-containerd-",
          "crio-",
          "crio-conmon-",
          "libpod-",
          "libpod_parent",
          "lxc.payload.",
          "systemd-nspawn@",
          "machine-",
          ".scope",
          ".service",
          ".socket",
          ":cri-containerd:",
          "-",
          ":",
          "/",
          "\n",
          "web",
          "@");

  @ParameterizedTest
  @CsvSource({
    "/docker/ID, ID, true",
    "/docker/ID, 0123, true",
    "/docker/ID, docker:0123456789ab, true",
    "/docker/ID, podman:0123456789ab, false",
    "/docker/ID, 012, false",
    "/docker/ID, '', false",
    "/docker/ID, docker:, false",
    "/docker/ID, OTHER, false",
    "/kubepods/besteffort/podPOD/ID, POD, true",
    "/kubepods/besteffort/podPOD/ID, 0a1b2c3d, false",
    "/lxc.payload.website/init.scope, website, true",
    "/lxc.payload.website/init.scope, lxc:website, true",
    "/lxc.payload.website/init.scope, webs, false",
    "/system.slice/nginx.service, nginx.service, true",
    "/system.slice/nginx.service, nginx, false",
    "/, '', false"
  })
  void nameIsTheIdItsBeginningThePodOrTheUnit(String path, String name, boolean called) {
    Container container = Container.ofCgroup(fill(path));
    assertEquals(called, container.isCalled(fill(name)));
  }

  @ParameterizedTest
  @CsvSource({
    "/docker/ID, ID, docker, '', ''",
    "/system.slice/docker-ID.scope, ID, docker, '', ''",
    "/system.slice/docker-ID.scope/init.scope, ID, docker, '', ''",
    "/system.slice/docker-ID.scope/system.slice/nginx.service, ID, docker, '', ''",
    "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podPOD_.slice/cri-containerd-ID.scope,"
        + " ID, containerd, POD, ''",
    "/kubepods/besteffort/podPOD/ID, ID, '', POD, ''",
    "/kubepods.slice/kubepods-podPOD_.slice/crio-ID.scope, ID, cri-o, POD, ''",
    "/kubepods.slice/kubepods-podPOD_.slice/crio-conmon-ID.scope, '', '', POD,"
        + " crio-conmon-ID.scope",
    "/system.slice/containerd.service/kubepods-burstable-podPOD_.slice:cri-containerd:ID, ID,"
        + " containerd, POD, ''",
    "/machine.slice/libpod-ID.scope/container, ID, podman, '', ''",
    "/libpod_parent/libpod-ID, ID, podman, '', ''",
    "/lxc.payload.web/init.scope, web, lxc, '', ''",
    "/lxc.monitor.web, '', '', '', ''",
    "/machine.slice/systemd-nspawn@deb.service/payload, deb, systemd-nspawn, '', ''",
    "/machine.slice/machine-deb.scope, deb, systemd-nspawn, '', ''",
    "/docker/ID/docker/OTHER, OTHER, docker, '', ''",
    "/system.slice/nginx.service, '', '', '', nginx.service",
    "/user.slice/user-0.slice/session-3.scope, '', '', '', session-3.scope",
    "/, '', '', '', ''",
    "'', '', '', '', ''",
  })
  void thePathTells(String path, String id, String runtime, String podUid, String unit) {
    assertEquals(
        new Container(fill(id), runtime, fill(podUid), fill(unit)), Container.ofCgroup(fill(path)));
  }

  /// Paths of parts that mean something, or nearly, in any order.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void pathMadeOfWhatThePathTellsTellsTheSame(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder path = new StringBuilder();
      for (int part = random.nextInt(5); part >= 0; part--) {
        path.append(random.nextInt(8) == 0 ? "" : "/");
        for (int piece = random.nextInt(4); piece >= 0; piece--) {
          path.append(PIECES.get(random.nextInt(PIECES.size())));
        }
      }
      Container told = Container.ofCgroup(fill(path.toString()));
      assertEquals(told, Container.ofCgroup(told.cgroup()), () -> "seed " + seed + ": " + path);
    }
  }

  private static String fill(String text) {
    return text.replace("POD_", POD.replace('-', '_'))
        .replace("POD", POD)
        .replace("ID", ID)
        .replace("OTHER", OTHER);
  }
}
