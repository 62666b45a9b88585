package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.testing.Ran;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layouts and numbers are those of the kernel's header, as the C compiler reads it.
class PerfLayoutIT {
  @TempDir static Path directory;

  private static final Map<String, String> SAID = new HashMap<>();

  @BeforeAll
  static void ask() {
    Ran.needs("gcc");
    assumeTrue(
        Files.exists(Path.of("/usr/include/linux/perf_event.h")),
        "the kernel's headers are not installed");
    Path program = directory.resolve("layout");
    Ran.of("gcc", "-o", program.toString(), source().toString()).well();
    for (String line : Ran.of(program.toString()).well().out().lines().toList()) {
      int space = line.indexOf(' ');
      SAID.put(line.substring(0, space), line.substring(space + 1).strip());
    }
  }

  private static Path source() {
    try {
      return Path.of(PerfLayoutIT.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolve("../../src/test/c/layout/perf.c");
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static long said(String name) {
    return Long.parseLong(SAID.get(name));
  }

  @Test
  void theAttributesAreThoseOfTheHeader() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(PerfAttr.SIZE, 8);
      PerfAttr.fill(attr, PerfAttr.FORMAT_TOTAL_TIME_ENABLED | PerfAttr.FORMAT_LOST);
      assertEquals(SAID.get("attr"), HexFormat.of().formatHex(attr.toArray(ValueLayout.JAVA_BYTE)));
    }
    assertEquals(said("cloexec"), PerfAttr.FD_CLOEXEC);
  }

  @Test
  void thePageIsThatOfTheHeader() {
    assertEquals(said("data_head"), PerfRing.DATA_HEAD);
    assertEquals(said("data_tail"), PerfRing.DATA_TAIL);
    assertEquals(said("data_offset"), PerfRing.DATA_OFFSET);
    assertEquals(said("data_size"), PerfRing.DATA_SIZE);
  }

  @Test
  void theRecordsAreThoseOfTheHeader() {
    assertEquals(said("lost"), PerfDecoder.LOST);
    assertEquals(said("comm"), PerfDecoder.COMM);
    assertEquals(said("exit"), PerfDecoder.EXIT);
    assertEquals(said("fork"), PerfDecoder.FORK);
    assertEquals(said("namespaces"), PerfDecoder.NAMESPACES);
    assertEquals(said("comm_exec"), PerfDecoder.COMM_EXEC);
    long header = said("header");
    assertEquals(PerfDecoder.COMM, PerfDecoder.type(header));
    assertEquals(40, PerfDecoder.size(header));
    assertTrue(PerfDecoder.isExec(header));
  }

  @Test
  void theNamespacesOfARecordAreInTheOrderOfTheHeader() {
    long[] links = Stream.of(SAID.get("body").split(" ", -1)).mapToLong(Long::parseLong).toArray();
    FakeRing ring = new FakeRing();
    long[] body = new long[links.length + 1];
    body[0] = FakeRing.two(5, 5);
    System.arraycopy(links, 0, body, 1, links.length);
    ring.put(FakeRing.record(PerfDecoder.NAMESPACES, 0, 10, 1, 1, body));
    assertArrayEquals(Arrays.copyOf(links, 1), new long[] {PerfDecoder.NAMED});
    Forked forked = (Forked) new Told(true).records(Long.MAX_VALUE, ring).getFirst();
    for (NamespaceType type : NamespaceType.values()) {
      String place = SAID.getOrDefault(type.kernelName(), "0");
      assertEquals(Long.parseLong(place), forked.inodes().of(type), type.kernelName());
    }
  }
}
