package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nsmon.namespace.NamespaceType;
import java.util.Optional;

/// A namespace's name is read back, and what is read is a name.
class NamespaceNameFuzzTest {

  @FuzzTest(maxDuration = "20s")
  void whatIsWrittenIsReadBack(FuzzedDataProvider data) {
    NamespaceType type = data.pickValue(NamespaceType.values());
    long inode = data.consumeLong(0, 0xFFFF_FFFFL);
    byte[] before = data.consumeBytes(9);
    byte[] after = data.consumeRemainingAsBytes();
    String name = type + ":[" + inode + "]";
    byte[] text =
        (new String(before, ISO_8859_1) + name + new String(after, ISO_8859_1))
            .getBytes(ISO_8859_1);
    assertEquals(
        Optional.of(new NamespaceName(type, inode)),
        NamespaceName.parse(text, before.length, before.length + name.length()));
  }

  @FuzzTest(maxDuration = "20s")
  void whatIsReadIsName(byte[] text) {
    NamespaceName.parse(text, 0, text.length)
        .ifPresent(
            name -> {
              assertTrue(name.inode() >= 0);
              String digits = new String(text, ISO_8859_1).replaceFirst(":\\[0+(?=\\d)", ":[");
              assertEquals(digits, name.type() + ":[" + name.inode() + "]");
            });
  }
}
