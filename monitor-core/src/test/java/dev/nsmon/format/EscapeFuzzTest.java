package dev.nsmon.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Whatever bytes a process calls itself by, they come out as characters that print.
final class EscapeFuzzTest {

  @FuzzTest
  void everyCharacterPrints(byte[] name) {
    String escaped = Escape.text(new String(name, StandardCharsets.UTF_8));
    escaped
        .codePoints()
        .forEach(
            code -> {
              assertTrue(code >= ' ' && (code < 0x7f || code > 0x9f), escaped);
              int type = Character.getType(code);
              assertTrue(type != Character.FORMAT && type != Character.LINE_SEPARATOR, escaped);
            });
    assertEquals(Style.PLAIN.show(escaped).length(), bytes(Style.PLAIN.show(escaped)));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
