package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.JsonReader;
import dev.nsmon.kafka.EventRecords.Detail;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.testing.Ran;
import dev.nsmon.testing.ReservedPort;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What arrives, where nothing is broken and where records or topics are.
final class KafkaSinkIT {
  private static Broker broker;

  @BeforeAll
  static void startBroker() {
    broker = Broker.shared();
  }

  @Test
  void everyRecordArrivesOnceInOrderWithKeyHeadersAndTheJsonOfTheEvent() throws IOException {
    broker.createTopic("order", 3, Map.of());
    List<NamespaceEvent> events = Events.some(5_000);
    try (Publishing publishing = Publishing.atLeastOnce(broker, "order");
        Reader reader = new Reader(broker, "order")) {
      publishing.append(events);
      publishing.drain();
      List<ConsumerRecord<byte[], byte[]>> records = reader.upTo(5_000);
      assertEquals(Publishing.upTo(5_000), reader.seqs());
      assertEquals(List.of(), publishing.remarks);
      ConsumerRecord<byte[], byte[]> first = records.getFirst();
      assertEquals(Events.HOST.id(), Reader.key(first));
      assertEquals("1.0", Reader.header(first, "ce_specversion"));
      assertEquals(Events.STREAM + "/1", Reader.header(first, "ce_id"));
      assertEquals("dev.nsmon.namespace-created", Reader.header(first, "ce_type"));
      assertEquals("urn:nsmon:" + Events.HOST.id(), Reader.header(first, "ce_source"));
      assertEquals("2026-11-23T10:00:00.123456Z", Reader.header(first, "ce_time"));
      assertEquals("application/json", Reader.header(first, "content-type"));
      assertTrue(Reader.value(first).endsWith("}"), Reader.value(first));
      JsonReader json = new JsonReader();
      for (int i = 0; i < records.size(); i++) {
        JsonReader.Told told = json.read(records.get(i).value());
        assertEquals(i + 1, told.seq());
        assertEquals(events.get(i).kind(), told.event().kind());
        assertEquals(Events.HOST, told.host());
      }
    }
  }

  @Test
  void kcatReadsTheSame() throws Exception {
    Ran.needs("kcat");
    broker.createTopic("kcat", 1, Map.of());
    try (Publishing publishing = Publishing.atLeastOnce(broker, "kcat")) {
      publishing.append(Events.some(50));
      publishing.drain();
    }
    Ran kcat = Ran.of("kcat", "-b", broker.address(), "-C", "-e", "-q", "-t", "kcat").well();
    assertEquals(50, kcat.out().lines().count());
    String format = "%k\n%h\n%s\n";
    List<String> lines =
        Ran.of("kcat", "-b", broker.address(), "-C", "-c1", "-q", "-t", "kcat", "-f", format)
            .well()
            .out()
            .lines()
            .toList();
    assertEquals(Events.HOST.id(), lines.get(0));
    assertEquals(
        "ce_specversion=1.0,ce_id=%s/1,ce_type=dev.nsmon.namespace-created,ce_source=urn:nsmon:%s,ce_time=2026-11-23T10:00:00.123456Z,content-type=application/json"
            .formatted(Events.STREAM, Events.HOST.id()),
        lines.get(1));
    assertEquals(1, new JsonReader().read(lines.get(2).getBytes(UTF_8)).seq());
  }

  @Test
  void whatWasWrittenDownIsPassedOnVerbatim() {
    byte[] json = "{\"as\": \"it was\"}".getBytes(UTF_8);
    Entry entry = new Entry(7, Events.held(0).kind(), Instant.EPOCH, json, () -> Events.held(0));
    EventRecords records = new EventRecords("t", Events.HOST, Events.STREAM, Events.json());
    assertEquals(json, records.of(entry, Detail.ALL).value());
  }

  @Test
  void missingTopicIsSaidOnceAndWaitedFor() {
    try (Publishing publishing = Publishing.atLeastOnce(broker, "late", "max.block.ms=500")) {
      publishing.append(Events.some(100));
      publishing.awaitRemarks(1);
      broker.createTopic("late", 1, Map.of());
      publishing.drain();
      publishing.awaitRemarks(2);
      assertEquals(
          "Kafka topic late: there is no topic late (nsmon kafka create-topics makes it); trying"
              + " on",
          publishing.remarks.get(0));
      assertTrue(
          publishing.remarks.get(1).startsWith("Kafka topic late: works again, after "),
          publishing.remarks.get(1));
    }
    try (Reader reader = new Reader(broker, "late")) {
      reader.upTo(100);
      assertEquals(Publishing.upTo(100), reader.seqs());
    }
  }

  @Test
  @Tag("full")
  void topicThatIsDeletedMidwayAndMadeAgainGetsAllThatIsNew() {
    broker.createTopic("again", 1, Map.of());
    try (Publishing publishing =
        Publishing.atLeastOnce(broker, "again", "delivery.timeout.ms=3000", "max.block.ms=500")) {
      publishing.append(Events.some(100));
      publishing.drain();
      broker.deleteTopic("again");
      publishing.append(Events.some(100));
      publishing.awaitRemarks(1);
      assertTrue(
          publishing.remarks.get(0).contains("there is no topic again"), publishing.remarks.get(0));
      broker.createTopic("again", 1, Map.of());
      publishing.drain();
    }
    try (Reader reader = new Reader(broker, "again")) {
      reader.upTo(200);
      assertEquals(Publishing.upTo(200).subList(100, 200), reader.firsts());
    }
  }

  @Test
  void recordTooLargeForTheBrokerIsTrimmedOrReplacedAndHoldsUpNothing() throws IOException {
    broker.createTopic("small", 1, Map.of("max.message.bytes", "2000"));
    List<NamespaceEvent> events = new ArrayList<>(Events.some(10));
    events.add(3, Events.held(500));
    events.add(7, Events.held(400));
    try (Publishing publishing = Publishing.atLeastOnce(broker, "small");
        Reader reader = new Reader(broker, "small")) {
      publishing.append(events);
      publishing.drain();
      List<ConsumerRecord<byte[], byte[]>> records = reader.upTo(12);
      assertEquals(Publishing.upTo(12), reader.seqs());
      assertTrue(Reader.value(records.get(3)).endsWith(",\"truncated\":true}"));
      assertTrue(Reader.value(records.get(7)).endsWith(",\"truncated\":true}"));
      assertEquals(
          events.get(3).kind(), new JsonReader().read(records.get(3).value()).event().kind());
      assertEquals(1, publishing.remarks.size(), publishing.remarks.toString());
      assertTrue(publishing.remarks.getFirst().contains("too large"));
    }
  }

  @Test
  void recordTooLargeEvenWithoutItsDetailsIsSaidToBeLost() {
    broker.createTopic("tiny", 1, Map.of("max.message.bytes", "720"));
    NamespaceEvent lost =
        new NamespaceEvent.EventsLost(
            Events.at(0),
            NamespaceEvent.EventsLost.Where.KERNEL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(3));
    List<NamespaceEvent> events =
        List.of(lost, Events.some(2).get(1), lost, Events.held(400), lost);
    try (Publishing publishing = Publishing.atLeastOnce(broker, "tiny", "compression.type=none");
        Reader reader = new Reader(broker, "tiny")) {
      publishing.append(events);
      publishing.drain();
      List<ConsumerRecord<byte[], byte[]>> records = reader.upTo(5);
      assertEquals(Publishing.upTo(5), reader.seqs());
      assertTrue(Reader.value(records.get(1)).contains("\"kind\":\"events-lost\""));
      assertEquals("dev.nsmon.events-lost", Reader.header(records.get(1), "ce_type"));
      assertTrue(
          Reader.value(records.get(1)).contains("\"where\":\"log\",\"first\":2,\"last\":2"),
          Reader.value(records.get(1)));
      assertEquals(2, publishing.lost());
      assertTrue(
          publishing.remarks.getLast().contains("events-lost goes in its place"),
          publishing.remarks.toString());
    }
  }

  @Test
  void theRecordThatSaysSoFits() throws IOException {
    broker.createTopic("least", 1, Map.of("max.message.bytes", "400"));
    List<NamespaceEvent> events = new ArrayList<>(Events.some(20));
    events.add(
        new NamespaceEvent.EventsLost(
            Events.at(0),
            NamespaceEvent.EventsLost.Where.KERNEL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(4711)));
    try (Publishing publishing = Publishing.atLeastOnce(broker, "least", "compression.type=none");
        Reader reader = new Reader(broker, "least")) {
      publishing.append(events);
      publishing.drain();
      // They have no headers.
      Awaitility.await("21 records").until(() -> reader.poll().size() >= 21);
      List<ConsumerRecord<byte[], byte[]>> records = reader.poll();
      assertEquals(21, records.size());
      for (int i = 0; i < 21; i++) {
        JsonReader.Told told = new JsonReader().read(records.get(i).value());
        assertEquals(i + 1, told.seq());
        NamespaceEvent.EventsLost lost = (NamespaceEvent.EventsLost) told.event();
        assertEquals(i < 20 ? 1 : 4711, lost.count().orElseThrow());
        assertEquals(Events.HOST.id(), told.host().id());
      }
      assertEquals(20, publishing.lost());
    }
  }

  @Test
  void recordTooLargeForTheClientIsTrimmedInItsPlace() {
    broker.createTopic("client", 1, Map.of());
    List<NamespaceEvent> events = new ArrayList<>(Events.some(10));
    events.add(5, Events.held(500));
    try (Publishing publishing = Publishing.atLeastOnce(broker, "client", "max.request.size=4000");
        Reader reader = new Reader(broker, "client")) {
      publishing.append(events);
      publishing.drain();
      List<ConsumerRecord<byte[], byte[]>> records = reader.upTo(11);
      assertEquals(Publishing.upTo(11), reader.seqs());
      assertTrue(Reader.value(records.get(5)).endsWith(",\"truncated\":true}"));
    }
  }

  @Test
  void unknownHostNameIsSaidInWords() {
    KafkaProperties properties = Publishing.properties("nowhere.invalid:9092");
    try (Publishing publishing =
        new Publishing(
            remarks ->
                KafkaSink.atLeastOnce(
                    properties,
                    "t",
                    Events.HOST,
                    Events.STREAM,
                    Events.json(),
                    remarks,
                    HostClock.SYSTEM))) {
      publishing.append(Events.some(1));
      publishing.awaitRemarks(1);
      assertEquals(
          "Kafka topic t: the host name nowhere.invalid is unknown; trying on",
          publishing.remarks.getFirst());
    }
  }

  @Test
  void portWhereNobodyListensIsSaidInWordsAndAnInterruptEndsTheWait() {
    try (ReservedPort port = ReservedPort.open()) {
      String address = "127.0.0.1:" + port.number();
      KafkaProperties properties = Publishing.properties(address, "max.block.ms=300");
      try (Publishing publishing =
          new Publishing(
              remarks ->
                  KafkaSink.atLeastOnce(
                      properties,
                      "t",
                      Events.HOST,
                      Events.STREAM,
                      Events.json(),
                      remarks,
                      HostClock.SYSTEM))) {
        publishing.append(Events.some(1));
        publishing.awaitRemarks(1);
        assertEquals(
            "Kafka topic t: " + address + " can't be reached: Connection refused; trying on",
            publishing.remarks.getFirst());
      }
    }
  }
}
