package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Few are left to who asks, of many most are done by another thread, each once.
final class RecordEncoderTest {
  private final JsonFormat format = new JsonFormat(Life.HOST, "stream");
  private final RecordEncoder encoder = new RecordEncoder(format);

  private static List<Entry> entries(int count) {
    List<Entry> entries = new ArrayList<>();
    for (int seq = 1; seq <= count; seq++) {
      entries.add(new Entry(seq, Life.event(seq)));
    }
    return entries;
  }

  @Test
  void fewAreNotWorthIt() throws InterruptedException {
    List<Entry> few = entries(255);
    RecordEncoder.Ahead ahead = encoder.begin(few);
    assertEquals(255, ahead.begin());
    ahead.await();
    assertEquals(Optional.empty(), few.getLast().json());
  }

  @Test
  void ofManyTheLaterAreEncodedByAnotherThread() throws InterruptedException {
    List<Entry> many = entries(1001);
    byte[] there = {'{', '}'};
    many.get(900).writtenAs(there);
    RecordEncoder.Ahead ahead = encoder.begin(many);
    assertEquals(250, ahead.begin());
    ahead.await();
    for (Entry entry : many) {
      int place = (int) entry.seq() - 1;
      assertEquals(place >= 250, entry.json().isPresent(), entry.toString());
      if (place == 900) {
        assertSame(there, encoder.record(entry));
      } else {
        assertArrayEquals(format.record(entry.seq(), entry.event()), encoder.record(entry));
        assertSame(entry.json().orElseThrow(), encoder.record(entry));
      }
    }
  }
}
