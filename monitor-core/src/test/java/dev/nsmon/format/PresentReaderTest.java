package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What there is on a host is written as the text says, and read as it was written.
final class PresentReaderTest {
  private static final Host HOST = new Host("node-1", "m-id", "b-id");
  private static final List<Namespace> ALL =
      List.of(Samples.HOST_NET, Samples.NET, Samples.USER, Samples.BARE);
  private static final Snapshot SNAPSHOT =
      new Snapshot(
          Samples.TIME,
          List.of(task(7), task(9)),
          ALL,
          Map.of(Samples.USER.key(), Samples.HOLDERS.subList(1, 3)),
          List.of(),
          new LookReport(2, 0, 0, 0, 2, 0));

  private static final String NET =
      "{\"type\":\"net\",\"inode\":4026532177,\"id\":\"810\",\"key\":\"net:810\",\"initial\":false,"
          + "\"owner\":\"user:4099\",\"processCount\":2,\"pids\":[7,9]}";
  private static final String PRESENT =
      "{\"schema\":1,\"stream\":\"s-1\",\"seq\":41,\"time\":\"2026-11-23T10:00:00.123456Z\","
          + "\"host\":{\"name\":\"node-1\",\"id\":\"m-id\",\"bootId\":\"b-id\"},\"namespaces\":["
          + "{\"type\":\"net\",\"inode\":4026531833,\"id\":\"3\",\"key\":\"net:3\",\"initial\":true,"
          + "\"owner\":\"user:4099\"},"
          + NET
          + ",{\"type\":\"user\",\"inode\":4026532178,\"id\":\"811\",\"key\":\"user:811\","
          + "\"initial\":false,\"parent\":\"user:4099\",\"owner\":\"user:4099\",\"ownerUid\":1000,"
          + "\"holders\":[{\"kind\":\"fd\",\"pid\":12,\"fd\":3},"
          + "{\"kind\":\"socket\",\"pid\":12,\"fd\":4}],\"processCount\":0,\"pids\":[]},"
          + "{\"type\":\"uts\",\"inode\":4026532179,\"key\":\"uts:4026532179.2\",\"initial\":false,"
          + "\"processCount\":0,\"pids\":[]}]}";

  private static Task task(int pid) {
    return new Task(pid, 0, pid, Task.State.LIVE, Samples.set(Samples.NET), ProcessInfo.UNKNOWN);
  }

  private static List<PresentReader.One> read(String json) throws IOException {
    return new PresentReader(_ -> {}).read(json.getBytes(UTF_8));
  }

  @Test
  void whatThereIsIsOneObjectOnOneLine() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new JsonFormat(HOST, "s-1").writePresent(41, SNAPSHOT, ALL, Members.of(SNAPSHOT), out);
    assertEquals(PRESENT + "\n", out.toString(UTF_8));
  }

  @Test
  void eachNamespaceIsALineByItself() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Namespace> two = List.of(Samples.NET, Samples.NET);
    new JsonFormat(HOST, "s-1").writeNamespaces(SNAPSHOT, two, Members.of(SNAPSHOT), out);
    assertEquals(NET + "\n" + NET + "\n", out.toString(UTF_8));
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    List<PresentReader.One> all = read(PRESENT);
    assertEquals(ALL, all.stream().map(one -> one.state().namespace()).toList());
    assertEquals(NET, new String(all.get(1).json(), UTF_8));
    assertEquals(
        new NamespaceState(
            HOST,
            "s-1",
            41,
            Rfc3339.parseUtc("2026-11-23T10:00:00.123456Z").orElseThrow(),
            Samples.USER,
            Samples.HOLDERS.subList(1, 3),
            0,
            Container.NONE),
        all.get(2).state());
    assertEquals(2, all.get(1).state().processes());
    assertEquals(0, all.get(0).state().processes());
  }

  @Test
  void whatANewerWriterAddedIsSkippedAndHandedOnInAscii() throws IOException {
    String more =
        PRESENT
            .replace("\"seq\":41", "\"later\":{\"a\":[{}]},\"seq\":41")
            .replace("\"processCount\":2", "\"label\":{\"x\":[\"\u00e9\"]},\"processCount\":2");
    PresentReader.One net = read(more).get(1);
    assertEquals(2, net.state().processes());
    assertEquals(
        NET.replace("\"processCount\"", "\"label\":{\"x\":[\"\\u00E9\"]},\"processCount\""),
        new String(net.json(), UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"schema", "host", "stream", "seq", "time", "namespaces"})
  void whatIsMissingIsNamed(String field) {
    String without = PRESENT.replace("\"" + field + "\"", "\"other\"");
    assertEquals(
        field + ": missing", assertThrows(IOException.class, () -> read(without)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"schema\":1 | \"schema\":2 | schema: 2, and only 1 is known",
        "\"seq\":41 | \"seq\":-1 | seq: not from 0 to 9223372036854775807",
        "\"processCount\":2 | \"processCount\":\"2\" | processCount: not a whole number",
        "\"namespaces\":[ | \"namespaces\":[7, | namespaces: not an object",
        "\"namespaces\":[{ | \"namespaces\":{\"a\":[{ | namespaces: not an array",
      })
  void whatIsWrongIsNamed(String part, String wrong, String message) {
    String json = PRESENT.replace(part, wrong);
    assertEquals(message, assertThrows(IOException.class, () -> read(json)).getMessage());
  }
}
