package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.JsonReader;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A topic is followed on a real broker, whatever becomes of it.
final class KafkaTailIT {
  private static final String TOPIC = "events";
  private static final Optional<Instant> ALL = Optional.of(Instant.EPOCH);

  private static Broker broker;

  @BeforeAll
  static void start() {
    broker = Broker.start(Broker.RESTARTED);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void make() {
    broker.createTopic(TOPIC, 3, Map.of());
  }

  @AfterEach
  void delete() {
    broker.deleteTopic(TOPIC);
  }

  private static Records records() {
    return new Records(broker, TOPIC, Map.of());
  }

  private static List<Long> numbers(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private static void put(Records records, String host, long first, long last) {
    for (long i = first; i <= last; i++) {
      records.put(host, Records.event(host, i));
    }
  }

  @Test
  void everyHostIsReadInOrderAndVerbatim() {
    try (Records records = records();
        Tail tail = new Tail(broker.address(), TOPIC, ALL)) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (long i = 1; i <= 300; i++) {
        for (String host : List.of("a", "b", "c", "d")) {
          sent.add(records.send(host, Records.event(host, i)));
        }
      }
      tail.await(sent.size());
      for (String host : List.of("a", "b", "c", "d")) {
        assertEquals(numbers(1, 300), tail.of(host));
      }
      Received<JsonReader.Told> first = tail.received().getFirst();
      assertEquals(Records.event(first.told().host().name(), 1), new String(first.json(), UTF_8));
      assertEquals(List.of(), tail.remarks());
      assertTrue(tail.ends());
    }
  }

  @Test
  void itBeginsWithWhatComesOrAtATime() {
    long then = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    try (Records records = records()) {
      records.put("a", Records.event("a", 1), then - 1).put("a", Records.event("a", 2), then);
      records.put("b", Records.event("b", 1), then - 1).put("a", Records.event("a", 3), then + 1);
      Optional<Instant> time = Optional.of(Instant.ofEpochMilli(then));
      try (Tail end = new Tail(broker.address(), TOPIC, Optional.empty());
          Tail since = new Tail(broker.address(), TOPIC, time)) {
        since.await(2);
        // Whether it has found the end can't be seen; so ask until something comes.
        long next = 4;
        while (end.received().isEmpty()) {
          records.put("a", Records.event("a", next++));
        }
        since.await((int) next - 2);
        assertEquals(numbers(2, next - 1), since.of("a"));
        assertEquals(List.of(), since.of("b"));
        assertTrue(end.of("a").getFirst() >= 4, end.of("a")::toString);
      }
    }
  }

  @Test
  void whatIsNoRecordIsPassedOverAndSaidOnce() {
    try (Records records = records();
        Tail tail = new Tail(broker.address(), TOPIC, ALL)) {
      records.put("a", "hello\u001b[2J").put("a", null).put("a", "{}").put("a", "");
      records.put("a", Records.event("a", 1));
      tail.await(1);
      String remark = tail.awaitRemark("passed over what is no record of nsmon");
      assertTrue(remark.contains("at offset 0 of partition "), remark);
      assertEquals(1, remark.lines().count());
      assertEquals(1, tail.remarks().size(), tail.remarks()::toString);
    }
  }

  @Test
  @Tag("full")
  void nothingIsLostOrReadTwiceOverAKilledBroker() {
    try (Records records = records();
        Tail tail = new Tail(broker.address(), TOPIC, ALL)) {
      put(records, "a", 1, 50);
      tail.await(50);
      broker.kill();
      String remark = tail.awaitRemark("can't be reached");
      assertTrue(remark.contains(broker.address()), remark);
      broker.restart();
      put(records, "a", 51, 100);
      tail.await(100);
      assertEquals(numbers(1, 100), tail.of("a"));
      String last = tail.awaitRemark("works again");
      // One that takes long to come back may be said to hang in between, but nothing twice.
      assertEquals(last, tail.remarks().getLast());
      assertTrue(tail.remarks().size() <= 3, tail.remarks()::toString);
      assertEquals(
          tail.remarks().size(),
          tail.remarks().stream().distinct().count(),
          tail.remarks()::toString);
    }
  }

  @Test
  @Tag("full")
  void brokerThatHangsIsSaid() {
    try (Records records = records();
        Tail tail = new Tail(broker.address(), TOPIC, ALL)) {
      records.put("a", Records.event("a", 1));
      tail.await(1);
      broker.freeze();
      try {
        tail.awaitRemark("does not answer as a broker would");
      } finally {
        broker.thaw();
      }
      records.put("a", Records.event("a", 2));
      tail.await(2);
      assertEquals(numbers(1, 2), tail.of("a"));
    }
  }

  @Test
  void topicThatIsMissingIsWaitedFor() {
    try (Tail tail = new Tail(broker.address(), "later", ALL)) {
      String remark = tail.awaitRemark("there is no topic later");
      assertTrue(remark.contains("nsmon kafka create-topics"), remark);
      broker.createTopic("later", 1, Map.of());
      try (Records records = new Records(broker, "later", Map.of())) {
        records.put("a", Records.event("a", 1));
        tail.await(1);
      }
    } finally {
      broker.deleteTopic("later");
    }
  }

  @Test
  @Tag("full")
  void topicThatIsMadeAnewIsReadFromItsBeginning() {
    try (Records records = records();
        Tail tail = new Tail(broker.address(), TOPIC, ALL)) {
      put(records, "a", 1, 20);
      tail.await(20);
      broker.deleteTopic(TOPIC);
      tail.awaitRemark("there is no topic");
      broker.createTopic(TOPIC, 3, Map.of());
      try (Records again = records()) {
        put(again, "a", 21, 25);
        tail.await(25);
      }
      assertEquals(numbers(1, 25), tail.of("a"));
    }
  }

  @Test
  @Tag("full")
  void partitionThatIsAddedIsRead() {
    try (Records records = records();
        Tail tail =
            new Tail(broker.address(), TOPIC, Optional.empty(), "metadata.max.age.ms=500")) {
      AtomicLong next = new AtomicLong(1);
      Awaitility.await()
          .until(
              () -> {
                records.put("a", Records.event("a", next.getAndIncrement()));
                return !tail.received().isEmpty();
              });
      broker.administer(
          admin ->
              admin
                  .createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(4)))
                  .all()
                  .get(30, TimeUnit.SECONDS));
      ProducerRecord<byte[], byte[]> there =
          new ProducerRecord<>(TOPIC, 3, null, Records.event("new", 1).getBytes(UTF_8));
      try (Records more = records()) {
        more.producer().send(there).get(30, TimeUnit.SECONDS);
        tail.awaitHost("new");
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void ofTransactionsOnlyWhatWasCommittedIsRead() {
    try (Records records = new Records(broker, TOPIC, Map.of("transactional.id", "t"));
        Tail tail = new Tail(broker.address(), TOPIC, ALL)) {
      records.producer().initTransactions();
      for (long i = 1; i <= 6; i++) {
        records.producer().beginTransaction();
        records.put("a", Records.event("a", i));
        if (i % 2 == 0) {
          records.producer().commitTransaction();
        } else {
          records.producer().abortTransaction();
        }
      }
      tail.await(3);
      assertEquals(List.of(2L, 4L, 6L), tail.of("a"));
    }
  }

  @Test
  void hostNameThatIsUnknownIsSaidAndTriedAgain() {
    try (Tail tail = new Tail("no-such-host.invalid:9092", TOPIC, ALL)) {
      String remark = tail.awaitRemark("no-such-host.invalid");
      assertTrue(remark.contains("the host name no-such-host.invalid is unknown"), remark);
      assertTrue(tail.ends());
      assertEquals(1, tail.remarks().size());
    }
  }

  @Test
  void receiverThatHasEnoughEndsIt() throws Exception {
    try (Records records = records()) {
      put(records, "a", 1, 10);
      List<Long> taken = new ArrayList<>();
      KafkaTail tail =
          new KafkaTail(Tail.properties(broker.address()), TOPIC, ALL, _ -> {}, HostClock.SYSTEM);
      tail.run(
          some -> {
            some.forEach(one -> taken.add(one.told().seq()));
            return taken.size() < 10;
          });
      assertEquals(numbers(1, 10), taken);
      assertThrows(
          IOException.class,
          () ->
              new KafkaTail(
                      Tail.properties(broker.address()), TOPIC, ALL, _ -> {}, HostClock.SYSTEM)
                  .run(
                      _ -> {
                        throw new IOException("Broken pipe");
                      }));
    }
  }
}
