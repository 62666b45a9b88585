package dev.nsmon.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One aligned line for each record, whatever a process calls itself.
final class TextFormatTest {

  @Test
  void everyKindOfRecordIsOneAlignedLine() throws IOException {
    assertEquals(
        """
        10:00:00.123 created   4711 nginx           user:[4026532178]  docker:3f2a91c0d5e1
        10:00:00.123 created                        uts:[4026532179]
        10:00:00.123 joined    4711 nginx           net:[4026531833] → net:[4026532177] user:[4026532178]  unshare  docker:3f2a91c0d5e1
        10:00:00.123 joined    4711/4713            uts:[4026532179]
        10:00:00.123 left      4711 nginx           net:[4026532177] user:[4026532178]  docker:3f2a91c0d5e1
        10:00:00.123 destroyed 4711 nginx           net:[4026532177]  after 3.0 s, kernel-id-gone  docker:3f2a91c0d5e1
        10:00:00.123 destroyed                      uts:[4026532179]  no-holder
        10:00:00.123 synced    3 namespaces, 68 processes (1 unreadable)
        10:00:00.123 lost      5 events (log, seq 5 to 9)
        10:00:00.123 lost      unknown number of events (kernel)
        10:00:00.123 joined    4711 nginx           net:[4026532177] → net:[4026531833] user:[4026532178]  setns  ! joined-host-net-namespace  docker:3f2a91c0d5e1
        """,
        write(new Style(false, true), Samples.events("nginx")));
  }

  @Test
  void withoutUnicodeEverythingIsAscii() throws IOException {
    String text = write(Style.PLAIN, Samples.events("é"));
    assertTrue(text.contains("net:[4026531833] -> net:[4026532177]"), text);
    assertTrue(text.contains("4711 \\u{e9}"), text);
    assertTrue(text.chars().allMatch(c -> c < 0x7f), text);
  }

  @Test
  void coloursAreTheOnlyEscapeSequences() throws IOException {
    String name = "\u001b[2J\n\r\u009b\u202e";
    String coloured = write(new Style(true, true), Samples.events(name));
    String plain = coloured.replaceAll("\u001b\\[[0-9]{1,2}m", "");
    assertEquals(write(new Style(false, true), Samples.events(name)), plain);
    assertFalse(plain.contains("\u001b"));
    assertEquals(Samples.events(name).size(), plain.lines().count());
  }

  @Test
  void ofManyHostsEachLineNamesItsOwnAfterTheTime() throws IOException {
    TextFormat format = new TextFormat(Style.PLAIN, ZoneOffset.UTC);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NamespaceEvent event = Samples.events("nginx").get(1);
    format.of(new Host("node-1", "m-1", "")).write(1, event, out);
    format.of(new Host("", "m-\n2", "")).write(1, event, out);
    assertEquals(
        """
        10:00:00.123 node-1       created                        uts:[4026532179]
        10:00:00.123 m-\\n2        created                        uts:[4026532179]
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  private static String write(Style style, List<NamespaceEvent> events) throws IOException {
    TextFormat format = new TextFormat(style, ZoneOffset.UTC);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (NamespaceEvent event : events) {
      format.write(1, event, out);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
