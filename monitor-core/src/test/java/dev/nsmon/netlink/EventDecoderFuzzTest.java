package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Whatever comes, nothing is read beyond it, and what is told of makes sense.
class EventDecoderFuzzTest {

  @FuzzTest(maxDuration = "20s")
  void anyBytesAreReadOrMalformed(byte[] bytes) {
    EventDecoder event = new EventDecoder();
    event.begin(Datagram.words(bytes), 0, bytes.length);
    int events = 0;
    while (event.next()) {
      events++;
      switch (event.what()) {
        case EventDecoder.FORK, EventDecoder.EXEC, EventDecoder.EXIT -> {
          assertTrue(EventDecoder.isPid(event.pid()));
          assertTrue(EventDecoder.isPid(event.tid()));
        }
        default -> {}
      }
    }
    assertTrue(events * 52 <= bytes.length);
    assertEquals(bytes.length > 0 && events == 0, event.isMalformed() && events == 0);
    assertFalse(event.next());
  }

  @FuzzTest(maxDuration = "20s")
  void whatIsWrittenIsReadBack(FuzzedDataProvider data) {
    int parent = data.consumeInt(0, EventDecoder.MAX_PID);
    int tid = data.consumeInt(1, EventDecoder.MAX_PID);
    int pid = data.consumeInt(1, EventDecoder.MAX_PID);
    int cpu = data.consumeInt();
    int sequence = data.consumeInt();
    long nanos = data.consumeLong();
    int before = data.consumeInt(0, 5);

    byte[] fork = Datagram.bytes(Datagram.FORK);
    int[] offsets = {24, 40, 44, 48, 56, 60, 64};
    int[] values = {sequence, cpu, (int) nanos, (int) (nanos >>> 32), parent, tid, pid};
    for (int i = 0; i < offsets.length; i++) {
      fork = Datagram.with(fork, offsets[i], values[i]);
    }
    int[] words = Datagram.words(fork);
    int[] shifted = new int[before + words.length];
    Arrays.fill(shifted, -1);
    System.arraycopy(words, 0, shifted, before, words.length);
    EventDecoder event = new EventDecoder();
    event.begin(shifted, before, fork.length);
    assertTrue(event.next());
    int[] read = {
      event.sequence(),
      event.cpu(),
      (int) event.nanos(),
      (int) (event.nanos() >>> 32),
      event.parent(),
      event.tid(),
      event.pid()
    };
    assertEquals(Arrays.toString(values), Arrays.toString(read));
    assertFalse(event.next());
    assertFalse(event.isMalformed());
  }
}
