package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `/proc/PID/cgroup` of either version and both, and of whoever tries to forge one.
class CgroupFileTest {
  private static final String POD = "/kubepods.slice/pod1/cri-containerd-0123.scope";
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final String INNER = "fedcba9876543210".repeat(4);

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("version 2", "0::" + POD + "\n", POD),
        Arguments.of("version 2, at the root", "0::/\n", "/"),
        Arguments.of(
            "version 1: the longest",
            "3:cpu,cpuacct:/docker\n2:memory:/docker/0123\n1:freezer:/\n",
            "/docker/0123"),
        Arguments.of(
            "version 1: systemd's before longer ones",
            "3:cpu:/a/longer/path\n1:name=systemd:/user.slice\n",
            "/user.slice"),
        Arguments.of(
            "both: version 2 first",
            "1:name=systemd:/user.slice/long\n0::/init.scope\n",
            "/init.scope"),
        Arguments.of(
            "both, version 2 at the root", "1:name=systemd:/user.slice\n0::/\n", "/user.slice"),
        Arguments.of("version 1 without any", "2:cpu:/\n1:name=systemd:/\n", "/"),
        Arguments.of(
            "outside the reader's",
            "0::/../../system.slice/a.service\n",
            "/system.slice/a.service"),
        Arguments.of("the reader's parent", "0::/..\n", ""),
        Arguments.of("name that begins with dots", "0::/..a/b\n", "/..a/b"),
        Arguments.of("dots within", "0::/a/../b\n", "/a/../b"),
        Arguments.of("colons within", "0::/a:b:0::/c\n", "/a:b:0::/c"),
        Arguments.of("carriage return within", "0::/a\r0::" + POD + "\n", "/a\r0::" + POD),
        Arguments.of(
            "other breaks within", "0::/a\u0085b\u2028c\u000bd\n", "/a\u0085b\u2028c\u000bd"),
        Arguments.of(
            "version 1: Docker's cgroupfs driver, systemd's hierarchy among twelve",
            """
            12:rdma:/
            11:cpuset:/docker/ID
            10:freezer:/docker/ID
            9:pids:/docker/ID
            8:memory:/docker/ID
            7:devices:/docker/ID
            6:perf_event:/docker/ID
            5:net_cls,net_prio:/docker/ID
            4:hugetlb:/docker/ID
            3:cpu,cpuacct:/docker/ID
            2:blkio:/docker/ID
            1:name=systemd:/docker/ID
            0::/system.slice/containerd.service
            """,
            "/docker/ID"),
        Arguments.of(
            "version 1: a unit in systemd's hierarchy, the container in the others",
            "4:memory:/lxc/web\n2:rdma:/\n1:name=systemd:/user.slice/session-3.scope\n",
            "/lxc/web"),
        Arguments.of(
            "both: the container in version 1 only, as runc makes it",
            "9:name=systemd:/docker/ID\n4:memory:/docker/ID\n1:cpu:/\n0::/system.slice/a.service\n",
            "/docker/ID"),
        Arguments.of(
            "both: the container in version 2 only",
            """
            4:memory:/user.slice/a/very/long/path/of/the/host/that/is/longer/than/the/other
            0::/system.slice/docker-ID.scope
            """,
            "/system.slice/docker-ID.scope"),
        Arguments.of(
            "version 1: Docker within Docker, where some hierarchies are not passed on",
            "4:memory:/docker/ID/docker/INNER\n3:pids:/docker/ID\n1:name=systemd:/docker/ID\n",
            "/docker/ID/docker/INNER"),
        Arguments.of(
            "version 1: a named hierarchy of somebody else",
            "2:name=elogind:/1\n1:cpu:/docker/ID\n",
            "/docker/ID"),
        Arguments.of(
            "kind, seen from a container beside it",
            "0::/../../ID/kubelet.slice/kubelet-kubepods.slice/cri-containerd-INNER.scope\n",
            "/ID/kubelet.slice/kubelet-kubepods.slice/cri-containerd-INNER.scope"),
        Arguments.of(
            "a zombie whose container is gone",
            "1:name=systemd:/docker/ID (deleted)\n0::/\n",
            "/docker/ID"),
        Arguments.of("last line without end", "0::/a", "/a"),
        Arguments.of("nothing", "", ""),
        Arguments.of("no lines of it", "abc\n::\n:a:/b\n0:\n", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void pathTellsWhereTheProcessBelongs(String name, String file, String path) {
    byte[] bytes = fill(file).getBytes(UTF_8);
    assertEquals(fill(path), CgroupFile.path(bytes, bytes.length), name);
  }

  private static String fill(String text) {
    return text.replace("ID", ID).replace("INNER", INNER);
  }
}
