package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.NamespaceType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lines of `/proc/PID/mountinfo` that mount a namespace, and the many others.
class MountInfoLineTest {

  private static Optional<MountInfoLine> parse(String line) {
    return MountInfoLine.parse(line.getBytes(ISO_8859_1));
  }

  private static Optional<MountInfoLine> net(long inode, String mountPoint) {
    return Optional.of(new MountInfoLine(new NamespaceName(NamespaceType.NET, inode), mountPoint));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "shared:24 ", "shared:24 master:7 propagate_from:2 "})
  void optionalFieldsDoNotMatter(String optional) {
    assertEquals(
        net(4_026_532_177L, "/run/netns/blue"),
        parse("36 35 0:4 net:[4026532177] /run/netns/blue rw " + optional + "- nsfs nsfs rw"));
  }

  @ParameterizedTest
  @CsvSource({
    "/a\\040b, /a b",
    "/a\\134b, /a\\b",
    "/a\\134040b, /a\\040b",
    "/end\\040, '/end '",
    "/a\\04, /a\\04",
    "/a\\, /a\\",
    "/a\\999b, /a\\999b",
    "/a\\08b, /a\\08b",
    "/a\\0/0b, /a\\0/0b",
    "/a\\012\\177b, '/a\n\u007fb'",
    "/a\\400b, /a\\400b",
    "/a\\377b, /a\u00ffb"
  })
  void kernelsEscapesAreUndone(String escaped, String mountPoint) {
    assertEquals(net(7, mountPoint), parse("36 35 0:4 net:[7] " + escaped + " rw - nsfs nsfs rw"));
  }

  @Test
  void newlineAndTabAreUndone() {
    assertEquals(net(7, "/a\nb\tc"), parse("36 35 0:4 net:[7] /a\\012b\\011c rw - nsfs nsfs rw"));
  }

  @Test
  void bytesThatAreNoTextAreKept() {
    assertEquals(net(7, "/\u00e9\u00ff"), parse("36 35 0:4 net:[7] /\u00e9\u00ff rw - nsfs x rw"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "36",
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
        "22 1 8:1 /net:[7] /mnt rw - ext4 /dev/sda1 rw",
        "22 1 8:1 / net:[7] rw - ext4 /dev/sda1 rw",
        "22 1 8:1 socket:[7] /mnt rw - sockfs x rw",
        "36 35 0:4 net:[7] /run/netns/blue",
        "36 35 0:4 net:[7]",
        "     "
      })
  void otherLinesAreNone(String line) {
    assertEquals(Optional.empty(), parse(line));
  }
}
