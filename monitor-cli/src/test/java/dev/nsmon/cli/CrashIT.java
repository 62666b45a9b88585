package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.kafka.Broker;
import dev.nsmon.testing.Differences;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The monitor is killed at random moments while namespaces come and go, and started again: what
/// arrives at Kafka, and what the journal has, is one stream without a gap, and it is true.
///
/// `-Dnsmon.crashes=200` kills it more often.
@Tag("full")
class CrashIT {
  private static final int CRASHES = Integer.getInteger("nsmon.crashes", 6);

  /// Three namespaces a round, of which one has a process of its own.
  private static final String LOAD =
      "while :; do unshare -u true; unshare -p -f true; unshare -n true; done";

  private static final Pattern KEY = Pattern.compile("[a-z]+:[0-9]+([.][0-9]+)?");

  @TempDir private static Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
  }

  @ParameterizedTest
  @ValueSource(strings = {"at least once", "exactly once"})
  void killedAtAnyMomentItTellsOneStreamWithoutGap(String delivery) {
    boolean once = delivery.equals("exactly once");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path journal = directory.resolve(once ? "once.db" : "least.db");
    try (Broker broker = Broker.start()) {
      Nsmon.run("kafka", "create-topics", "--kafka", broker.address()).endedWith(0);
      List<String> command =
          new ArrayList<>(
              List.of("serve", "--kafka", broker.address(), "--journal", journal.toString()));
      if (once) {
        command.add("--kafka-exactly-once");
      }
      List<Long> starts = new ArrayList<>();
      try (Child _ = Child.start(Nsmon.command("bash", "-c", LOAD))) {
        for (int crash = 0; crash < CRASHES; crash++) {
          long began = System.nanoTime();
          try (Child serve = Nsmon.start(command.toArray(String[]::new))) {
            await().until(() -> serve.err().contains("source: "));
            starts.add((System.nanoTime() - began) / 1_000_000);
            LockSupport.parkNanos(random.nextLong(1_500_000_000));
            serve.signal("KILL");
          }
        }
      }
      Collections.sort(starts);
      System.out.printf(
          "%d crashes, %s: starts took %d ms, the slowest %s%n",
          CRASHES,
          delivery,
          starts.get(CRASHES / 2),
          starts.subList(Math.max(0, CRASHES - 5), CRASHES));
      try (Child serve = Nsmon.start(command.toArray(String[]::new));
          Published published = new Published(broker.address(), "nsmon.events")) {
        untilAllIsTold(serve, published, journal);
        serve.signal("TERM");
        serve.result().endedWith(143);
        check(published.values(), once, seed);
      }
    }
  }

  /// Waits until Kafka has what the journal has, and it adds up to what there is.
  private static void untilAllIsTold(Child serve, Published published, Path journal) {
    Differences.awaitNone(
        // A broker may leave a transaction open for a minute whose producer was killed.
        await().atMost(Duration.ofSeconds(150)),
        () -> {
          List<JsonNode> now = Nsmon.json(Nsmon.run("list", "-o", "json").lines());
          List<String> told = distinct(published.values());
          List<String> kept = Journaled.query(journal, "SELECT record FROM events ORDER BY seq");
          assertTrue(told.size() <= kept.size(), () -> "nsmon says: " + serve.err());
          assertEquals(kept.subList(0, told.size()), told);
          return Folding.differences(Folding.countsOf(now), counts(told));
        },
        () -> "");
  }

  /// What these records add up to. If that can't be, all that they say of the namespace in question
  /// is shown.
  private static Map<String, Integer> counts(List<String> told) {
    try {
      return Folding.of(Nsmon.json(told)).counts();
    } catch (AssertionError e) {
      Matcher key = KEY.matcher(String.valueOf(e.getMessage()));
      String about = key.find() ? '"' + key.group() + '"' : "none";
      throw new AssertionError(
          told.stream()
              .filter(one -> one.contains(about))
              .collect(Collectors.joining("\n", e.getMessage() + "\n", "")),
          e);
    }
  }

  /// Every number is there, in order, but for those that are told lost; what comes again is the
  /// same.
  private static void check(List<String> values, boolean once, long seed) {
    Map<Long, String> seen = new TreeMap<>();
    long last = 0;
    for (String value : values) {
      JsonNode one = Nsmon.json(value);
      long seq = one.get("seq").asLong();
      boolean lost = one.get("kind").asText().equals("events-lost") && one.has("first");
      long first = lost ? one.get("first").asLong() : seq;
      if (once || first > last) {
        assertEquals(last + 1, first, () -> "seed " + seed + ": after this comes " + value);
      } else {
        assertEquals(seen.get(seq), value, () -> "seed " + seed + ": comes again as another");
      }
      seen.put(seq, value);
      last = Math.max(last, seq);
    }
    long end = last;
    assertTrue(end > 20L * CRASHES, () -> "seed " + seed + ": only " + end + " events");
  }

  private static List<String> distinct(List<String> values) {
    return values.stream().distinct().toList();
  }
}
