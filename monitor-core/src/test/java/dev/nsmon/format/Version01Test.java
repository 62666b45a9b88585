package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.testing.StrictSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What nsmon 0.1 has written is read, and written again as it was. The files were made by that
/// version and never change.
final class Version01Test {
  private static String file(String name) throws IOException {
    try (InputStream in = Version01Test.class.getResourceAsStream("/dev/nsmon/v0_1/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void itsRecords() throws IOException {
    List<String> lines = file("records-0.1.jsonl").lines().toList();
    assertEquals(29, lines.size());
    for (String line : lines) {
      assertEquals(line + "\n", JsonReaderTest.write(new JsonReader().read(line.getBytes(UTF_8))));
      assertEquals(List.of(), StrictSchema.closed().validate(new ObjectMapper().readTree(line)));
    }
  }

  @Test
  void itsStates() throws IOException {
    for (String line : file("states-0.1.jsonl").lines().toList()) {
      NamespaceState state = new StateReader().read(line.getBytes(UTF_8));
      assertEquals(line, new String(new StateFormat().write(state), UTF_8));
    }
  }

  @Test
  void itsAnswer() throws IOException {
    String answer = file("present-0.1.json");
    List<PresentReader.One> read = new PresentReader(_ -> {}).read(answer.getBytes(UTF_8));
    assertEquals(
        List.of(Samples.HOST_NET, Samples.NET, Samples.USER, Samples.BARE),
        read.stream().map(one -> one.state().namespace()).toList());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new JsonFormat(new Host("node-1", "m-id", "b-id"), "s-1")
        .writePresent(
            12,
            new Snapshot(
                Samples.TIME,
                List.of(),
                List.of(),
                Map.of(Samples.NET.key(), Samples.HOLDERS),
                List.of(),
                Snapshot.EMPTY.report()),
            read.stream().map(one -> one.state().namespace()).toList(),
            Map.of(),
            out);
    assertEquals(answer, out.toString(UTF_8));
  }
}
