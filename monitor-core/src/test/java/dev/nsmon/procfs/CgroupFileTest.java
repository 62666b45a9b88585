package dev.nsmon.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `/proc/PID/cgroup` of either version and both, and of whoever tries to forge one.
class CgroupFileTest {
  private static final String POD = "/kubepods.slice/pod1/cri-containerd-0123.scope";

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
        Arguments.of("last line without end", "0::/a", "/a"),
        Arguments.of("nothing", "", ""),
        Arguments.of("no lines of it", "abc\n::\n:a:/b\n0:\n", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void pathTellsWhereTheProcessBelongs(String name, String file, String path) {
    byte[] bytes = file.getBytes(UTF_8);
    assertEquals(path, CgroupFile.path(bytes, bytes.length), name);
  }
}
