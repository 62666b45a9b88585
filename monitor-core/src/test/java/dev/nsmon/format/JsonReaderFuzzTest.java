package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever bytes come, they are a record, which written again reads the same, or one line says why
/// not.
final class JsonReaderFuzzTest {
  private static final JsonReader READER = new JsonReader();

  static Stream<Arguments> golden() throws IOException {
    return JsonReaderTest.golden().stream().map(line -> Arguments.of(line.getBytes(UTF_8)));
  }

  @MethodSource("golden")
  @FuzzTest(maxDuration = "20s")
  void anyBytesAreARecordOrRefused(byte[] bytes) throws IOException {
    JsonReader.Told told;
    try {
      told = READER.read(bytes);
    } catch (IOException e) {
      assertFalse(e.getMessage().isEmpty());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      return;
    }
    String once = JsonReaderTest.write(told);
    assertEquals(once, JsonReaderTest.write(READER.read(once.getBytes(UTF_8))));
  }
}
