package dev.nsmon.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtobufTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static Protobuf read(byte[] bytes) throws IOException {
    return Protobuf.read(ByteBuffer.wrap(bytes));
  }

  @Test
  void textsAndMessagesAreFoundByTheirNumbers() throws IOException {
    // {1: {1: "abc", 2: {1: "web"}, 3: 300, 4: 1.0, 5: 1.0f, 200: "x"}, 2: "last", 2: "lost"}
    String inner =
        "0a 03 616263" + "12 05 0a 03 776562" + "18 ac02" + "21 000000000000f03f" + "2d 0000803f";
    String all = inner + "c2 0c 01 78";
    int length = all.replace(" ", "").length() / 2;
    byte[] bytes = hex("0a %02x".formatted(length) + all + "12 04 6c6f7374" + "12 04 6c617374");
    Protobuf message = read(bytes);
    assertEquals("abc", message.message(1).text(1));
    assertEquals("web", message.message(1).message(2).text(1));
    assertEquals("x", message.message(1).text(200));
    assertEquals("last", message.text(2));
    assertEquals("", message.text(3));
    assertEquals("", message.message(3).message(1).text(1));
    assertEquals(1, message.messages(1).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0a",
        "0a 04 616263",
        "0a ff",
        "0a ffffffffffffffffff01",
        "0a ffffffffffffffffffff01",
        "0b",
        "0c",
        "08",
        "09 00000000",
        "0d 000000",
        "48545450"
      })
  void whatIsNoMessageIsRefused(String bytes) {
    assertThrows(IOException.class, () -> read(hex(bytes)));
  }

  @Test
  void textIsWritten() throws IOException {
    assertArrayEquals(hex("0a 03 616263"), Protobuf.ofText(1, "abc"));
    assertEquals("a".repeat(64), read(Protobuf.ofText(1, "a".repeat(64))).text(1));
    assertThrows(IllegalArgumentException.class, () -> Protobuf.ofText(1, "a".repeat(128)));
  }
}
