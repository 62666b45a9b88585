package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What Linux 6.18 wrote to the ring of one CPU while a shell ran `unshare -fp true; (:); exec
/// nsenter -u -t $$ true` there; the shell had been forked on another.
class RecordedRingTest {
  private static final long ALL = Long.MAX_VALUE - 1;
  private static final List<String> STORY =
      List.of(
          "13781915483174 22802/22802 executed, sh",
          "13781916489284 22803/22803 forked by 22802, sh",
          "13781916553771 22803/22803 executed, unshare",
          "13781917557097 22803/22803 moved, child of 22802, unshare",
          "13781917698048 22804/22804 forked by 22803, unshare",
          "13781917899420 22804/22804 executed, true",
          "13781918539411 22804/22804 exited",
          "13781918712050 22803/22803 exited",
          "13781919027323 22805/22805 forked by 22802, sh",
          "13781919166742 22805/22805 exited",
          "13781919720053 22802/22802 executed, nsenter",
          "13781921239783 22802/22802 moved, child of -1, nsenter",
          "13781921436529 22802/22802 executed, true",
          "13781922482358 22802/22802 exited");

  private final long[] recorded = recorded();

  private static long[] recorded() {
    try (InputStream file = RecordedRingTest.class.getResourceAsStream("ring.bin")) {
      LongBuffer longs =
          ByteBuffer.wrap(file.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
      long[] words = new long[longs.remaining()];
      longs.get(words);
      return words;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatTheKernelWroteIsRead() {
    FakeRing ring = new FakeRing();
    ring.put(recorded);
    assertEquals(STORY, new Told(true).of(ALL, ring));
  }

  @Test
  void cutOffAnywhereItIsReadUpToThere() {
    for (int cut = 0; cut <= 8 * recorded.length; cut++) {
      FakeRing ring = new FakeRing();
      long start = ring.head();
      ring.put(recorded);
      ring.publish(start + cut);
      List<String> story = new Told(true).of(ALL, ring);
      assertEquals(STORY.subList(0, story.size()), story, "cut at " + cut);
      assertEquals(start + (cut & -8), ring.tail());
    }
  }

  @Test
  void whereverTheRingWrapsRoundItIsReadTheSame() {
    for (int before = 0; before <= 8 * recorded.length; before += 8) {
      FakeRing ring = new FakeRing(4096, 4096 - before);
      ring.put(recorded);
      assertEquals(STORY, new Told(true).of(ALL, ring), "wraps after " + before);
    }
  }

  @Test
  void ofItOnlyWhatIsNewsIsTold() {
    FakeRing ring = new FakeRing();
    ring.put(recorded);
    Told told = new Told(initial(), false);
    told.sieve.follow(new int[0], 0);
    List<String> news = new ArrayList<>(STORY.subList(3, 8));
    news.addAll(STORY.subList(11, 14));
    assertEquals(news, told.of(ALL, ring));
  }

  /// Of the host that it was recorded on.
  private static Inodes initial() {
    long[] byType = new long[NamespaceType.values().length];
    byType[NamespaceType.NET.ordinal()] = 4026531833L;
    byType[NamespaceType.UTS.ordinal()] = 4026531838L;
    byType[NamespaceType.IPC.ordinal()] = 4026531839L;
    byType[NamespaceType.PID.ordinal()] = 4026531836L;
    byType[NamespaceType.USER.ordinal()] = 4026531837L;
    byType[NamespaceType.MNT.ordinal()] = 4026531832L;
    byType[NamespaceType.CGROUP.ordinal()] = 4026531835L;
    byType[NamespaceType.TIME.ordinal()] = 4026531834L;
    return new Inodes(byType);
  }

  @Test
  void everyRecordedKindIsThere() {
    List<Integer> types = new ArrayList<>();
    for (int at = 0; at < recorded.length; at += PerfDecoder.size(recorded[at]) / 8) {
      types.add(PerfDecoder.type(recorded[at]));
    }
    for (int type :
        new int[] {PerfDecoder.FORK, PerfDecoder.EXIT, PerfDecoder.COMM, PerfDecoder.NAMESPACES}) {
      assertEquals(true, types.contains(type), "type " + type);
    }
  }
}
