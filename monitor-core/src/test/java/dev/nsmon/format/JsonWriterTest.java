package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What the writer writes is what Jackson would have written.
final class JsonWriterTest {
  private final JsonFactory factory =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  @Test
  void everyCharacterIsWrittenAsJacksonWritesIt() throws IOException {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      String text = "a" + (char) c + "b";
      assertArrayEquals(jackson(text, 1), ours(text, 1), () -> "of " + text);
    }
  }

  @Test
  void soAreTextsOfAnyCharacters() throws IOException {
    Random random = new Random(4);
    for (int round = 0; round < 2000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(1 << random.nextInt(13)); i > 0; i--) {
        // Surrogates in pairs and alone among them.
        text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
      }
      assertArrayEquals(jackson(text.toString(), round), ours(text.toString(), round));
    }
  }

  @Test
  void soAreNumbersOfAnyLength() throws IOException {
    for (long power = 1; power > 0; power *= 10) {
      for (long value : new long[] {power - 1, power, power + 1, -power}) {
        assertArrayEquals(jackson("", value), ours("", value), () -> "of " + value);
      }
    }
    for (long value : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Integer.MIN_VALUE}) {
      assertArrayEquals(jackson("", value), ours("", value), () -> "of " + value);
    }
  }

  /// Whatever comes last before there is no room left, all of it is written.
  @Test
  void roomIsMadeForWhateverIsWritten() {
    List<Consumer<JsonWriter>> all =
        List.of(
            json -> json.writeStringField("name", "\u0001\u0002"),
            json -> json.writePlainField("name", "text"),
            json -> json.writeTimeField("name", Instant.ofEpochSecond(1_800_000_000, 123_456_789)),
            json -> json.writeNumberField("name", Long.MIN_VALUE),
            json -> json.writeNumberField("name", 7),
            json -> json.writeNumberAsStringField("name", Long.MAX_VALUE),
            json -> json.writeBooleanField("name", false),
            json -> json.writeFields("\"a\":1".getBytes(UTF_8)),
            json -> json.writeArrayFieldStart("name"),
            json -> json.writeObjectFieldStart("name"),
            JsonWriter::writeEndObject);
    for (Consumer<JsonWriter> one : all) {
      String tail = after(1, one).substring(8);
      for (int length = 1950; length < 2050; length++) {
        assertEquals("{\"a\":\"" + "x".repeat(length) + "\"" + tail, after(length, one));
      }
    }
  }

  private static String after(int length, Consumer<JsonWriter> one) {
    JsonWriter used = JsonWriter.begin();
    // Nobody has made this one larger.
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    json.writePlainField("a", "x".repeat(length));
    one.accept(json);
    String written = new String(json.end(), UTF_8);
    used.end();
    return written;
  }

  @Test
  void whatWasLeftByOneIsNotInTheNext() {
    JsonWriter large = JsonWriter.begin();
    large.writeString("x".repeat(200_000));
    assertEquals(200_002, large.end().length);
    JsonWriter first = JsonWriter.begin();
    JsonWriter second = JsonWriter.begin();
    first.writeNumber(1);
    second.writeNumber(2);
    assertEquals("1", new String(first.end(), UTF_8));
    assertEquals("2", new String(second.end(), UTF_8));
    assertEquals(0, JsonWriter.begin().end().length);
  }

  private static byte[] ours(String text, long number) {
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    json.writeStringField("text", text);
    json.writeArrayFieldStart("numbers");
    json.writeNumber(number);
    json.writeNumber(0);
    json.writeEndArray();
    json.writeObjectFieldStart("object");
    json.writeNumberField("number", number);
    json.writeNumberAsStringField("asText", Math.max(0, number));
    json.writeBooleanField("yes", true);
    json.writeBooleanField("no", false);
    json.writeObjectFieldStart("empty");
    json.writeEndObject();
    json.writeEndObject();
    json.writeArrayFieldStart("texts");
    json.writeString(text);
    json.writeString("[");
    json.writeString(text);
    json.writeEndArray();
    json.writeEndObject();
    return json.end();
  }

  private byte[] jackson(String text, long number) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("text", text);
      json.writeArrayFieldStart("numbers");
      json.writeNumber(number);
      json.writeNumber(0);
      json.writeEndArray();
      json.writeObjectFieldStart("object");
      json.writeNumberField("number", number);
      json.writeStringField("asText", Long.toString(Math.max(0, number)));
      json.writeBooleanField("yes", true);
      json.writeBooleanField("no", false);
      json.writeObjectFieldStart("empty");
      json.writeEndObject();
      json.writeEndObject();
      json.writeArrayFieldStart("texts");
      json.writeString(text);
      json.writeString("[");
      json.writeString(text);
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }
}
