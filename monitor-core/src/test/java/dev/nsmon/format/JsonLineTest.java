package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What nsmon wrote stays byte for byte, and what others wrote can't steer a terminal.
final class JsonLineTest {
  private final JsonLine line = new JsonLine();

  @Test
  void whatNsmonWroteIsNotTouched() throws IOException {
    for (String record : JsonReaderTest.golden()) {
      byte[] bytes = record.getBytes(UTF_8);
      assertSame(bytes, line.of(bytes));
    }
  }

  @Test
  void blanksBetweenAreNoLineEnds() throws IOException {
    byte[] bytes = "{ \"a\": [1, 2] }".getBytes(UTF_8);
    assertSame(bytes, line.of(bytes));
  }

  @Test
  void whatIsNoPlainLineIsMadeOne() throws IOException {
    String json = "{\n \"a\" : [1.50, true, null],\r\n \"\u009b\" : \"\u202e\\u001b\" }\n";
    byte[] made = line.of(json.getBytes(UTF_8));
    assertEquals(
        "{\"a\":[1.50,true,null],\"\\u009B\":\"\\u202E\\u001B\"}", new String(made, UTF_8));
    assertSame(made, line.of(made));
  }
}
