package dev.nsmon.kafka;

import dev.nsmon.format.JsonReader;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// A tail that runs, and what it has handed over and said.
final class Tail implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Received<JsonReader.Told>> received =
      Collections.synchronizedList(new ArrayList<>());
  private final List<String> remarks = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread;
  private volatile Throwable failure;

  Tail(String servers, String topic, Optional<Instant> since, String... properties) {
    KafkaProperties given = properties(servers, properties);
    KafkaTail tail = new KafkaTail(given, topic, since, remarks::add, HostClock.SYSTEM);
    thread = Thread.ofPlatform().daemon().start(() -> run(tail));
  }

  static KafkaProperties properties(String servers, String... properties) {
    try {
      return KafkaProperties.of(servers, "test", Optional.empty(), List.of(properties), Map.of());
    } catch (BadPropertiesException e) {
      throw new AssertionError(e);
    }
  }

  private void run(KafkaTail tail) {
    try {
      tail.run(
          records -> {
            received.addAll(records);
            return true;
          });
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    } catch (InterruptedException e) {
      // The test is over.
    }
  }

  /// Numbers of the events of this host, as they came.
  List<Long> of(String host) {
    synchronized (received) {
      return received.stream()
          .filter(one -> one.told().host().name().equals(host))
          .map(one -> one.told().seq())
          .toList();
    }
  }

  List<Received<JsonReader.Told>> received() {
    return List.copyOf(received);
  }

  List<String> remarks() {
    return List.copyOf(remarks);
  }

  /// Waits for a remark with this in it.
  String awaitRemark(String part) {
    await(() -> remarks().stream().anyMatch(line -> line.contains(part)));
    return remarks().stream().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }

  /// Waits until this many have come.
  void await(int count) {
    await(() -> received.size() >= count);
  }

  /// Waits until something of this host has come.
  void awaitHost(String host) {
    await(() -> !of(host).isEmpty());
  }

  private void await(Callable<Boolean> condition) {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> failure != null || condition.call());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(received.size() + " received, and it said " + remarks(), e);
    }
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }

  /// Whether an interrupt ends it.
  boolean ends() {
    thread.interrupt();
    try {
      return thread.join(Duration.ofSeconds(10)) && failure == null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (!ends()) {
      throw new AssertionError("an interrupt did not end it well", failure);
    }
  }
}
