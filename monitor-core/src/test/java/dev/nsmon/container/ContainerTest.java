package dev.nsmon.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.ProcessInfo;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a container is called, and a path that tells the same; what paths tell is in
/// [CgroupPathTest].
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
          "kubepods",
          "kubepods-",
          "besteffort",
          "burstable-",
          ".slice",
          "docker",
          "docker-",
          "cri-containerd-",
          "crio-",
          "crio-conmon-",
          "libpod-",
          "libpod_parent",
          "lxc.payload.",
          "lxc",
          "default",
          "nerdctl-",
          "\\x2d",
          "\\x2",
          "qemu-1-",
          "qemu\\x2d1\\x2d",
          "supervisor",
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

  @Test
  void nameOfTheRuntimeIsShownAndNamesIt() {
    Container container = Container.ofCgroup(fill("/docker/ID"));
    Container named = container.called(new ContainerName("web", "nginx:1.29"));
    assertEquals("docker:0123456789ab", container.label().orElseThrow());
    assertEquals("docker:0123456789ab web", named.label().orElseThrow());
    assertTrue(named.isCalled("web") && named.isCalled("0123") && !container.isCalled("web"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', '', '', '', '', '', false",
    "web, '', '', '', '', '', '', true",
    "'', lxc, '', '', '', '', '', true",
    "'', '', POD, '', '', '', '', true",
    "'', '', '', burstable, '', '', '', true",
    "'', '', '', '', nginx.service, '', '', true",
    "'', '', '', '', '', shop, '', true",
    "'', '', '', '', '', '', nginx:1.29, true"
  })
  void oneFieldIsEnoughToBeKnown(
      String id,
      String runtime,
      String pod,
      String qos,
      String unit,
      String name,
      String image,
      boolean known) {
    Container container = new Container(id, runtime, pod, qos, unit);
    assertEquals(known, container.called(new ContainerName(name, image)).isKnown());
  }

  @ParameterizedTest
  @CsvSource({
    "ID, docker, '', '', docker:0123456789ab",
    "ID, '', '', '', 0123456789ab",
    "ID, docker, '', web, docker:0123456789ab web",
    "website, lxc, '', '', lxc:website",
    "'', '', nginx.service, '', nginx.service",
    "'', '', '', '', ''"
  })
  void labelIsTheShortIdOrTheUnit(
      String id, String runtime, String unit, String name, String label) {
    Container container =
        new Container(fill(id), runtime, "", "", unit).called(new ContainerName(name, ""));
    assertEquals(label, container.label().orElse(""));
  }

  @Test
  void containerOfAProcessIsThatOfItsControlGroupUnderTheNameItHasThere() {
    ContainerName name = new ContainerName("web", "nginx:1.29");
    Container plain = Container.ofCgroup(fill("/docker/ID"));
    Container other = Container.ofCgroup(fill("/docker/OTHER"));
    ProcessInfo first = ProcessInfo.UNKNOWN.withCgroup(fill("/docker/ID"));
    ProcessInfo second = ProcessInfo.UNKNOWN.withCgroup(fill("/docker/OTHER"));
    // In each order: what was read of one path must not leak into the next.
    for (int i = 0; i < 2; i++) {
      assertEquals(plain, Container.of(first));
      assertEquals(plain.called(name), Container.of(first.inContainer(name)));
      assertEquals(other, Container.of(second));
      assertEquals(other.called(name), Container.of(second.inContainer(name)));
      assertEquals(plain.called(name), Container.of(first.inContainer(name)));
      assertEquals(Container.NONE, Container.of(ProcessInfo.UNKNOWN));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'/machine.slice/machine-a\\x0ab\\x20c.scope', 'a\nb c'",
    "'/machine.slice/machine-a\\x2.scope', 'a\\x2'",
    "'/machine.slice/machine-a\\xg0\\x0g.scope', 'a\\xg0\\x0g'",
    "'/machine.slice/machine-\\xc3\\xa4.scope', \u00e4"
  })
  void nameOfAMachineIsReadFromTheUnitsEscapes(String path, String name) {
    assertEquals(name, Container.ofCgroup(path).id());
  }

  @Test
  void nameOfAMachineIsWrittenWithTheEscapesOfAUnit() {
    assertEquals("/systemd-nspawn@web-1:a_b.c@d.service", machine("web-1:a_b.c@d").cgroup());
    assertEquals("/systemd-nspawn@a\\x2fb\\x20\\xc3\\xa4.service", machine("a/b \u00e4").cgroup());
  }

  private static Container machine(String name) {
    return new Container(name, "systemd-nspawn", "", "", "");
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
