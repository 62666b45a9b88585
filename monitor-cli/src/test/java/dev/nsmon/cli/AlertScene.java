package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// Monitors at the same host that one Prometheus scrapes, each with the alerts that it has to
/// cause, and no others.
final class AlertScene implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("nsmon: listening on (https?://127[0-9.]+:[0-9]+) ");

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Prometheus prometheus;
  private final int seconds;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  private record Part(Child child, Set<String> expected, boolean withToken, int seconds) {}

  /// @param seconds from one question to the next, and how long an answer may take
  AlertScene(Prometheus prometheus, int seconds) {
    this.prometheus = prometheus;
    this.seconds = seconds;
  }

  /// Takes a monitor over, which is to cause these alerts. The scene closes it.
  Child add(String name, Child child, String... expected) {
    return add(name, new Part(child, Set.of(expected), false, seconds));
  }

  /// The same of one that demands the token.
  Child addWithToken(String name, Child child, String... expected) {
    return add(name, new Part(child, Set.of(expected), true, seconds));
  }

  /// The same of one that may take three seconds to answer.
  Child addPatiently(String name, Child child, String... expected) {
    return add(name, new Part(child, Set.of(expected), false, 3));
  }

  private Child add(String name, Part part) {
    if (parts.put(name, part) != null) {
      throw new IllegalArgumentException(name + " is there already");
    }
    return part.child();
  }

  /// Where it listens, as soon as it has said so.
  URI place(String name) {
    Child child = parts.get(name).child();
    return Child.eventually()
        .failFast(name + " has ended", () -> child.hasEndedWithin(Duration.ZERO))
        .until(() -> place(child), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<URI> place(Child child) {
    Matcher matcher = LISTENING.matcher(child.err());
    return matcher.find() ? Optional.of(URI.create(matcher.group(1))) : Optional.empty();
  }

  /// Has all of them scraped, and waits until each has answered for some seconds.
  void scrape() {
    List<Prometheus.Target> targets =
        parts.entrySet().stream()
            .map(
                one ->
                    new Prometheus.Target(
                        one.getKey(),
                        place(one.getKey()),
                        one.getValue().withToken(),
                        one.getValue().seconds()))
            .toList();
    prometheus.asks(targets);
    await(() -> parts.keySet().forEach(name -> answered(name, 3)));
  }

  private void answered(String name, int seconds) {
    int since = prometheus.answers(name) * parts.get(name).seconds();
    if (since < seconds) {
      throw new AssertionError(name + " has answered for " + since + " s");
    }
  }

  private void await(Runnable assertion) {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(assertion::run);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + said(), e);
    }
  }

  private String said() {
    StringBuilder said = new StringBuilder();
    parts.forEach((name, part) -> said.append('\n' + name + " said: " + part.child().err()));
    return said
        + "\nthey answered: "
        + prometheus.query("up{job=\"nsmon\"}[5m]")
        + "\nand said: "
        + prometheus.query("{__name__=~\"nsmon_.*\", job=\"nsmon\"} != 0");
  }

  /// Waits until each has caused what it has to, prints how long that took from now, and waits on
  /// until each had the time to cause something else.
  void awaitAlerts() {
    long begin = System.nanoTime();
    Map<String, Long> fired = new TreeMap<>();
    await(
        () -> {
          parts.forEach(
              (name, part) -> {
                // One that is about the last ten seconds is over soon.
                if (prometheus.firing(name).containsAll(part.expected())
                    || prometheus.fired(name).containsAll(part.expected())) {
                  fired.putIfAbsent(name, (System.nanoTime() - begin) / 1_000_000);
                }
              });
          assertEquals(parts.keySet(), fired.keySet(), "they have caused what they had to");
        });
    fired.forEach(
        (name, millis) ->
            System.out.printf(
                "alerts of %s: %s after %d ms%n", name, parts.get(name).expected(), millis));
  }

  /// Waits until all have been scraped for that long, and fails if an alert has fired that was not
  /// to.
  void awaitNoOthers(int seconds) {
    await(
        () ->
            parts.forEach(
                (name, part) -> {
                  if (!part.child().hasEndedWithin(Duration.ZERO)) {
                    answered(name, seconds);
                  }
                }));
    Map<String, Set<String>> expected = new TreeMap<>();
    Map<String, Set<String>> caused = new TreeMap<>();
    parts.forEach(
        (name, part) -> {
          expected.put(name, part.expected());
          caused.put(name, prometheus.fired(name));
        });
    assertEquals(expected, caused, () -> "to cause " + expected + " caused " + caused + said());
    assertEquals(Set.of(), prometheus.firing(""), "of no instance");
  }

  /// Has Prometheus forget them, and ends them.
  @Override
  public void close() {
    prometheus.asks(Set.of());
    parts.values().forEach(part -> part.child().close());
  }
}
