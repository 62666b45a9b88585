package dev.nsmon.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// A stat line is read back as it was written, whatever the process calls itself.
class StatFuzzTest {

  @FuzzTest(maxDuration = "20s")
  void whatIsWrittenIsReadBack(FuzzedDataProvider data) {
    char state = "RSDZTtXI".charAt(data.consumeInt(0, 7));
    int ppid = data.consumeInt(0, Integer.MAX_VALUE);
    long flags = data.consumeLong(0, 0xFFFF_FFFFL);
    int threads = data.consumeInt(0, Integer.MAX_VALUE);
    long start = data.consumeLong(0, Long.MAX_VALUE / 10);
    int[] rest = data.consumeInts(14);
    byte[] comm = data.consumeRemainingAsBytes();

    int[] other = Arrays.copyOf(rest, 15);
    StringBuilder fields = new StringBuilder(") ").append(state).append(' ').append(ppid);
    for (int field = 5; field <= 24; field++) {
      fields.append(' ');
      switch (field) {
        case 9 -> fields.append(flags);
        case 20 -> fields.append(threads);
        case 22 -> fields.append(start);
        default -> fields.append(other[field % 15]);
      }
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes("4242 (".getBytes(StandardCharsets.US_ASCII));
    line.writeBytes(comm);
    line.writeBytes(fields.append('\n').toString().getBytes(StandardCharsets.US_ASCII));

    Stat expected =
        new Stat(new String(comm, StandardCharsets.UTF_8), state, ppid, flags, threads, start);
    assertEquals(Optional.of(expected), Stat.parse(line.toByteArray(), line.size()));
  }

  @FuzzTest(maxDuration = "20s")
  void commIsWhatLiesBetweenTheFirstAndTheLastBracket(byte[] line) {
    Optional<Stat> stat = Stat.parse(line, line.length);
    if (stat.isPresent()) {
      String text = new String(line, StandardCharsets.UTF_8);
      assertEquals(text.substring(text.indexOf('(') + 1, text.lastIndexOf(')')), stat.get().comm());
      assertTrue(stat.get().state() < 128);
    }
    assertEquals(stat, Stat.parse(Arrays.copyOf(line, line.length + 9), line.length));
  }
}
