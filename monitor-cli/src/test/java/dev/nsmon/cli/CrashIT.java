package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.kafka.Broker;
import dev.nsmon.testing.Differences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
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
/// arrives at Kafka, what the file has, and what the journal has, is one stream without a gap, and
/// it is true.
///
/// `-Dnsmon.crashes=250` kills it more often.
@Tag("full")
class CrashIT {
  private static final int CRASHES = Integer.getInteger("nsmon.crashes", 10);

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
  void killedAtAnyMomentItTellsOneStreamWithoutGap(String delivery) throws IOException {
    boolean once = delivery.equals("exactly once");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path journal = directory.resolve(once ? "once.db" : "least.db");
    Path file = directory.resolve(once ? "once.json" : "least.json");
    try (Broker broker = Broker.start()) {
      Nsmon.run("kafka", "create-topics", "--kafka", broker.address()).endedWith(0);
      List<String> command =
          new ArrayList<>(
              List.of(
                  "serve",
                  "--kafka",
                  broker.address(),
                  "--journal",
                  journal.toString(),
                  "--file",
                  file.toString()));
      if (once) {
        command.add("--kafka-exactly-once");
      }
      List<Long> starts = new ArrayList<>();
      try (Child _ = Child.start(Nsmon.command("bash", "-c", LOAD))) {
        for (int crash = 0; crash < CRASHES; crash++) {
          long length = length(file);
          long began = System.nanoTime();
          try (Child serve = Nsmon.start(command.toArray(String[]::new))) {
            await().pollInterval(Duration.ofMillis(5)).until(() -> length(file) > length);
            starts.add((System.nanoTime() - began) / 1_000_000);
            LockSupport.parkNanos(random.nextLong(1_500_000_000));
            serve.signal("KILL");
          }
        }
      }
      Collections.sort(starts);
      System.out.printf(
          "%d crashes, %s: from start to first event p50 %d ms, p99 %d ms%n",
          CRASHES, delivery, starts.get(CRASHES / 2), starts.get(CRASHES * 99 / 100));
      try (Child serve = Nsmon.start(command.toArray(String[]::new));
          Published published = new Published(broker.address(), "nsmon.events")) {
        untilAllIsTold(serve, journal, published::values, () -> Nsmon.wholeLines(file));
        serve.signal("TERM");
        serve.result().endedWith(143);
        check(published.values(), once, seed);
        check(Nsmon.wholeLines(file), false, seed);
      }
    }
  }

  private static long length(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /// Waits until each reader has all records of the journal, and they add up to the state of the
  /// host.
  @SafeVarargs
  private static void untilAllIsTold(Child serve, Path journal, Callable<List<String>>... readers) {
    Differences.awaitNone(
        // A broker may leave a transaction open for a minute whose producer was killed.
        await().atMost(Duration.ofSeconds(150)),
        () -> {
          List<JsonNode> now = Nsmon.json(Nsmon.run("list", "-o", "json").lines());
          Set<String> differences = new TreeSet<>();
          for (Callable<List<String>> reader : readers) {
            List<String> told = distinct(reader.call());
            List<String> kept = Journaled.query(journal, "SELECT record FROM events ORDER BY seq");
            assertTrue(told.size() <= kept.size(), () -> "nsmon says: " + serve.err());
            assertEquals(kept.subList(0, told.size()), told);
            differences.addAll(Folding.differences(Folding.countsOf(now), counts(told)));
          }
          return differences;
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
