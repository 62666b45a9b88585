package dev.nsmon.kafka;

import dev.nsmon.sink.Outage;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/// A producer that is made anew after every failure, and work that is tried until it succeeds.
///
/// A producer in which one record has failed goes on with those behind it, and so they would
/// overtake the one that is sent again. Therefore it is closed at the first failure, on its own
/// thread, before it can send more; with one request under way at a time, what has arrived is then
/// always the beginning of what was sent.
///
/// Used by one thread. An interrupt ends every method at once.
final class Publisher implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /// How often to see whether the producer's thread is still there.
  private static final Duration CHECK = Duration.ofMillis(500);

  private static final String THREAD = "kafka-producer-network-thread";
  private static final String ENDED = "the thread of the Kafka producer has ended";

  private final KafkaProperties properties;
  private final Map<String, Object> settings;
  private final String topic;
  private final Outage outage;
  private final Work onConnect;

  /// Null if there is none.
  private Producer<byte[], byte[]> producer;

  /// The producer's own; empty if there is none.
  private volatile Optional<Thread> network = Optional.empty();

  /// Who works with it.
  private volatile Thread caller;

  /// Something that is done with a producer; when it fails it is done again with another.
  interface Work {
    void with(Producer<byte[], byte[]> producer) throws InterruptedException, ExecutionException;
  }

  /// @param extra settings on top of the properties
  /// @param topic where it publishes to, which is what it says of failures
  /// @param onConnect what comes before all other work with a new producer
  Publisher(
      KafkaProperties properties,
      Map<String, Object> extra,
      String topic,
      Outage outage,
      Work onConnect) {
    this.properties = properties;
    this.settings = new HashMap<>(properties.producer());
    this.settings.putAll(extra);
    this.topic = topic;
    this.outage = outage;
    this.onConnect = onConnect;
  }

  /// Returns when the work is done.
  ///
  /// @throws IOException only if interrupted
  void insist(Work work) throws IOException {
    caller = Thread.currentThread();
    try {
      while (!attempt(work)) {
        drop();
      }
      outage.over();
    } catch (InterruptedException | InterruptException e) {
      abandon();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private boolean attempt(Work work) throws InterruptedException {
    try {
      if (producer == null) {
        producer = make();
        onConnect.with(producer);
      }
      work.with(producer);
      return true;
    } catch (InterruptException e) {
      throw e;
    } catch (ExecutionException e) {
      failed(e.getCause());
    } catch (KafkaException e) {
      failed(e);
    }
    return false;
  }

  private void failed(Throwable cause) throws InterruptedException {
    if (Trouble.isTooLarge(cause)) {
      // It is sent smaller, at once.
      return;
    }
    // Closed before the pause: nothing of it is to arrive later.
    drop();
    outage.because(aside(() -> Trouble.words(cause, topic, properties)));
    if (Trouble.isFenced(cause)) {
      // The other one has the same right to it; taking it back at once would only be a quarrel.
      outage.longPause();
    } else {
      outage.pause();
    }
  }

  private Producer<byte[], byte[]> make() throws InterruptedException {
    // A group of its own, in which its thread can be found: names may be the same for several.
    ThreadGroup group = new ThreadGroup("kafka");
    Producer<byte[], byte[]> made = aside(group, () -> new KafkaProducer<>(settings));
    Thread[] threads = new Thread[8];
    int count = group.enumerate(threads);
    network =
        Arrays.stream(threads, 0, count)
            .filter(thread -> thread.getName().startsWith(THREAD))
            .findAny();
    if (network.isEmpty()) {
      made.close(Duration.ZERO);
      throw new IllegalStateException(ENDED);
    }
    return made;
  }

  /// Takes what became of a record, on the producer's thread.
  interface Told {
    /// It has been acknowledged, or has failed.
    ///
    /// @param failure null if it has been acknowledged
    void of(RecordMetadata metadata, Exception failure);
  }

  /// Sends a record. If that fails, nothing that was sent after it will arrive.
  ///
  /// @param told learns of nothing that fails before it is sent: that is in what is returned
  Future<RecordMetadata> send(
      Producer<byte[], byte[]> with, ProducerRecord<byte[], byte[]> record, Told told) {
    return with.send(
        record,
        (metadata, failure) -> {
          if (failure == null) {
            told.of(metadata, null);
          } else if (Thread.currentThread() != caller) {
            told.of(metadata, failure);
            with.close(Duration.ZERO);
          }
        });
  }

  /// Waits until a record has been acknowledged, and says so if that takes long.
  <T> T await(Future<T> sent) throws InterruptedException, ExecutionException {
    for (Duration waited = CHECK; true; waited = waited.plus(CHECK)) {
      try {
        return sent.get(CHECK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        check();
        if (waited.compareTo(SILENCE) >= 0) {
          outage.because(aside(() -> Reach.words(topic, properties)));
          waited = Duration.ZERO;
        }
      }
    }
  }

  /// Sees whether the producer works: without its thread nothing would ever be acknowledged, or
  /// fail. Any thread, while no other uses the producer.
  ///
  /// @throws IllegalStateException if it does not
  void check() {
    if (network.filter(thread -> !thread.isAlive()).isPresent()) {
      throw new IllegalStateException(ENDED);
    }
  }

  /// What is done on a thread of its own, since it may look up names, which no interrupt ends.
  private static <T> T aside(Callable<T> task) throws InterruptedException {
    return aside(Thread.currentThread().getThreadGroup(), task);
  }

  private static <T> T aside(ThreadGroup group, Callable<T> task) throws InterruptedException {
    FutureTask<T> result = new FutureTask<>(task);
    Thread.ofPlatform().group(group).daemon().name("kafka-aside").start(result);
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new KafkaException(e.getCause());
    }
  }

  private void drop() {
    network = Optional.empty();
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  /// Closes it without waiting for its thread, which may be looking up a name.
  private void abandon() {
    Producer<byte[], byte[]> abandoned = producer;
    producer = null;
    network = Optional.empty();
    if (abandoned != null) {
      Thread.ofPlatform().daemon().start(() -> abandoned.close(Duration.ZERO));
    }
  }

  /// Lets go of the producer. What it has not sent is lost.
  @Override
  public void close() {
    abandon();
  }
}
