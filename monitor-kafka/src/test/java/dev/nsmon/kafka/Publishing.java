package dev.nsmon.kafka;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Pump;
import dev.nsmon.sink.Sink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/// A log, a pump and a sink: what publishes in a monitor.
final class Publishing implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final EventLog log = new EventLog(Events.STREAM, 1L << 30, InstantSource.system());

  /// What was said to people.
  final List<String> remarks = new CopyOnWriteArrayList<>();

  private final AtomicLong progress = new AtomicLong(1);
  private final Pump pump;

  /// @param sink makes it of what takes its remarks
  Publishing(Function<Consumer<String>, Sink> sink) {
    pump =
        Pump.start(
            "test",
            _ -> log.from(1),
            sink.apply(remarks::add),
            512,
            progress::set,
            System::nanoTime);
  }

  /// To this topic, at least once.
  static Publishing atLeastOnce(Broker broker, String topic, String... settings) {
    KafkaProperties properties = properties(broker.address(), settings);
    return new Publishing(
        remarks ->
            KafkaSink.atLeastOnce(
                properties,
                topic,
                Events.HOST,
                Events.STREAM,
                Events.json(),
                remarks,
                HostClock.SYSTEM));
  }

  static KafkaProperties properties(String address, String... settings) {
    try {
      return KafkaProperties.of(
          address, "nsmon-test", Optional.empty(), List.of(settings), Map.of());
    } catch (BadPropertiesException e) {
      throw new AssertionError(e);
    }
  }

  void append(List<NamespaceEvent> events) {
    log.append(events);
  }

  /// How many records are lost at the sink.
  long lost() {
    return pump.lost();
  }

  /// Waits until the sink has taken all.
  void drain() {
    Awaitility.await("all published")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> progress.get() == log.nextSeq());
  }

  /// Waits until the sink has taken this many.
  void awaitProgress(long seq) {
    Awaitility.await("progress")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> progress.get() > seq);
  }

  void awaitRemarks(int count) {
    Awaitility.await(count + " remarks").atMost(PATIENCE).until(() -> remarks.size() >= count);
  }

  /// Waits until so many of the remarks begin so.
  void awaitRemark(int count, String beginning) {
    Awaitility.await(beginning)
        .atMost(PATIENCE)
        .until(() -> remarks.stream().filter(line -> line.startsWith(beginning)).count() == count);
  }

  static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  /// Interrupts the sink and waits until it has ended.
  @Override
  public void close() {
    log.close();
    pump.interrupt();
    pump.ending().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
