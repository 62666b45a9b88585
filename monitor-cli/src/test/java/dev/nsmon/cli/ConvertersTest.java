package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.namespace.NamespaceType;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Options become exactly the values that they spell, or are refused by name.
final class ConvertersTest {
  private static void assertRefuses(ITypeConverter<?> converter, String text) {
    String message =
        assertThrows(TypeConversionException.class, () -> converter.convert(text)).getMessage();
    assertTrue(message.startsWith("'" + text + "' is no "), message);
  }

  @ParameterizedTest
  @CsvSource({
    "100ms, PT0.1S",
    "1s, PT1S",
    "90m, PT1H30M",
    "1h, PT1H",
    "7d, PT168H",
    "007s, PT7S",
    "0s, PT0S"
  })
  void durationsAreANumberAndAUnit(String text, Duration expected) {
    assertEquals(expected, new Converters.OfDuration().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "1 s", "-1s", "+1s", "1.5s", "1S", "1w", "1s2", "٣s"})
  void nothingElseIsADuration(String text) {
    assertRefuses(new Converters.OfDuration(), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00.000000Z",
        "2026-11-23T12:00:00+02:00",
        "2026-11-23T10:00Z"
      })
  void timesAreRfc3339(String text) {
    assertEquals(Instant.parse("2026-11-23T10:00:00Z"), new Converters.OfTime().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-23T10:00", "2026-11-23T10:00:00.000"})
  void timesWithoutOffsetAreLocal(String text) {
    Instant expected =
        LocalDateTime.of(2026, 11, 23, 10, 0).atZone(ZoneId.systemDefault()).toInstant();
    assertEquals(expected, new Converters.OfTime().convert(text));
  }

  @Test
  void timesAreAlsoHowLongAgo() {
    Instant before = Instant.now().minusSeconds(600);
    Instant ago = new Converters.OfTime().convert("10m");
    assertTrue(!ago.isBefore(before) && !ago.isAfter(Instant.now().minusSeconds(600)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "noon", "2026-11-23", "2026-11-23T25:00", "-5m"})
  void nothingElseIsATime(String text) {
    assertRefuses(new Converters.OfTime(), text);
  }

  @ParameterizedTest
  @CsvSource({
    "kafka://h:1, h:1, ''",
    "kafka://h:1/, h:1, ''",
    "kafka://h:1/a.b_c-D9, h:1, a.b_c-D9",
    "'kafka://h:1,10.0.0.1:9092/t', 'h:1,10.0.0.1:9092', t",
    "kafka://[::1]:9092/t, [::1]:9092, t"
  })
  void placesNameBrokersAndTopic(String text, String servers, String topic) {
    Optional<String> named = topic.isEmpty() ? Optional.empty() : Optional.of(topic);
    assertEquals(new Place.Kafka(servers, named), new Place.Converter().convert(text));
  }

  @ParameterizedTest
  @CsvSource({
    "ws://h:1, false, h:1",
    "wss://node-1.example:8470/, true, node-1.example:8470",
    "ws://127.0.0.1:65535, false, 127.0.0.1:65535",
    "wss://[::1]:8470, true, [::1]:8470"
  })
  void placesNameAMonitor(String text, boolean secure, String server) {
    assertEquals(new Place.Monitor(secure, server), new Place.Converter().convert(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h:1",
        "kafka://",
        "kafka:///t",
        "kafka://h/t",
        "kafka://h:x",
        "kafka://h:1,/t",
        "kafka://h:1/a/b",
        "kafka://h:1/t?x",
        "kafka://h:1/ü",
        "http://h:1/t",
        "ws://",
        "ws://h",
        "ws://h:0",
        "ws://h:65536",
        "ws://h:1/events",
        "ws://h:1?token=x",
        "ws://u@h:1",
        "ws://h:1,i:1"
      })
  void nothingElseIsAPlace(String text) {
    assertRefuses(new Place.Converter(), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net:[4026532177]",
        "net:810",
        "net:4026532177.2",
        "time:[1]",
        "uts:18446744073709551615"
      })
  void namespacesAreNamedByInodeIdOrGeneration(String text) {
    assertEquals(text, new Converters.OfNamespace().convert(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "net", "net:", "net:[", "net:[]", "net:[1", "net:1]", "net:1 2", "NET:1"})
  void nothingElseNamesANamespace(String text) {
    assertRefuses(new Converters.OfNamespace(), text);
  }

  @Test
  void aNamespaceOfAnUnknownTypeIsRefusedByItsType() {
    TypeConversionException refused =
        assertThrows(
            TypeConversionException.class, () -> new Converters.OfNamespace().convert("foo:1"));
    assertTrue(refused.getMessage().startsWith("'foo' is no namespace type: one of cgroup, ipc"));
  }

  @ParameterizedTest
  @EnumSource(NamespaceType.class)
  void everyTypeGoesByItsKernelName(NamespaceType type) {
    assertEquals(type, new Converters.OfType().convert(type.kernelName()));
    assertRefuses(new Converters.OfType(), type.name());
  }

  static Kind[] kinds() {
    return Kind.values();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void onlyKindsThatAFilterCanHideMayBeAskedFor(Kind kind) {
    if (kind.isControl()) {
      assertRefuses(new Converters.OfKind(), kind.toString());
    } else {
      assertEquals(kind, new Converters.OfKind().convert(kind.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "01", "-1", "1.0", "1e3", "9999999999999999999999"})
  void pidsAndCountsAreWholeNumbersFromOneOn(String text) {
    assertRefuses(new Converters.OfPid(), text);
    assertRefuses(new Converters.OfCount(), text);
  }

  @Test
  void theLargestPidAndCountFit() {
    assertEquals(4_194_304, new Converters.OfPid().convert("4194304"));
    assertEquals(999_999_999_999_999_999L, new Converters.OfCount().convert("9".repeat(18)));
  }

  @Test
  void addressWithoutAHostIsAllOfThem() {
    InetSocketAddress all = new ListenAddress().convert(":8470");
    assertEquals(8470, all.getPort());
    assertTrue(all.getAddress().isAnyLocalAddress());
    assertEquals(
        Files.exists(Path.of("/proc/net/if_inet6")), all.getAddress() instanceof Inet6Address);
    assertTrue(new ListenAddress().convert("0.0.0.0:8470").getAddress() instanceof Inet4Address);
  }
}
