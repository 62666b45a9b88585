package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.NamespaceType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `net:[4026532177]` and what merely looks like it.
class NamespaceNameTest {

  private static Optional<NamespaceName> parse(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return NamespaceName.parse(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @EnumSource
  void nameOfEveryTypeIsRead(NamespaceType type) {
    assertEquals(
        Optional.of(new NamespaceName(type, 4_026_532_177L)), parse(type + ":[4026532177]"));
  }

  @Test
  void textAroundItIsNotRead() {
    byte[] text = "9net:[42]9".getBytes(ISO_8859_1);
    assertEquals(
        Optional.of(new NamespaceName(NamespaceType.NET, 42)), NamespaceName.parse(text, 1, 9));
    for (int end = 1; end < 9; end++) {
      assertEquals(Optional.empty(), NamespaceName.parse(text, 1, end));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, 1_234_567_890, 999_999_999_999_999_999L})
  void anyInodeIsRead(long inode) {
    assertEquals(
        Optional.of(new NamespaceName(NamespaceType.NET, inode)), parse("net:[" + inode + "]"));
  }

  @Test
  void whatStandsBeforeItIsNoPartOfIt() {
    byte[] text = "net:[4]".getBytes(ISO_8859_1);
    for (int start = 1; start < text.length; start++) {
      assertEquals(Optional.empty(), NamespaceName.parse(text, start, text.length));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "net",
        "net:",
        "net:[",
        "net:[]",
        "net:[4",
        "net:4]",
        "net[4]",
        ":[4]",
        "NET:[4]",
        "net :[4]",
        "net:[4]x",
        "net:[4x]",
        "net:[-4]",
        "net:[4]]",
        "net:[[4]",
        "socket:[4]",
        "pipe:[4]",
        "cgroupp:[4]",
        "pid_for_children:[4]",
        "net:[99999999999999999999]",
        "net:[9999999999999999999]"
      })
  void anythingElseIsNone(String text) {
    assertEquals(Optional.empty(), parse(text));
  }
}
