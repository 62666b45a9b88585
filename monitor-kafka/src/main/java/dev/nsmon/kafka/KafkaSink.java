package dev.nsmon.kafka;

import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Outage;
import dev.nsmon.sink.Sink;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Publishes every record of the log to a topic, in order.
///
/// A batch is tried until all of it has been acknowledged, for days if need be: what fails, and
/// that it works again, is said in one line each. At least once: after a failure, records whose
/// acknowledgement was lost are sent again, under the same `ce_id`; one batch is on its way while
/// the next is taken. Or exactly once: each batch is a transaction that also holds the number to go
/// on with, in a topic of its own, so that not even `kill -9` makes a reader of what is committed
/// see one twice.
public final class KafkaSink implements Sink {
  private final EventRecords records;
  private final Consumer<String> remarks;
  private final SizeLimit limit;
  private final Publisher publisher;

  /// Null if it publishes at least once.
  private final Cursors cursors;

  private final SendThread thread;

  /// The batch that was handed over last; null if it is known to have arrived.
  private CompletableFuture<?> last;

  /// Batches that have not been acknowledged yet. Of the thread that sends, like all below.
  private final Deque<Sending> underWay = new ArrayDeque<>();

  /// What the transactions have up to here is not sent again.
  private long next;

  /// Whether it has been said that a record was too large: there may be many.
  private final Set<String> saidOfSize = new HashSet<>();

  /// Records that were too large. Any thread may ask.
  private final LongAdder lost = new LongAdder();

  private KafkaSink(
      KafkaProperties properties,
      String topic,
      Cursors cursors,
      Host host,
      String stream,
      EventFormat format,
      Consumer<String> remarks,
      HostClock clock) {
    this.limit = new SizeLimit(clock::nanoTime);
    this.records = new EventRecords(topic, host, stream, format);
    this.cursors = cursors;
    this.remarks = remarks;
    Map<String, Object> settings =
        cursors == null ? Map.of() : Map.of("transactional.id", cursors.transactionalId());
    this.thread = new SendThread(topic);
    this.publisher =
        new Publisher(
            properties,
            settings,
            topic,
            new Outage("Kafka topic " + topic, remarks, clock::nanoTime, clock::sleep),
            this::connected);
  }

  /// One that publishes at least once.
  ///
  /// @param stream the stream that the numbers of the entries belong to
  /// @param format of the values
  /// @param remarks takes lines for people
  public static KafkaSink atLeastOnce(
      KafkaProperties properties,
      String topic,
      Host host,
      String stream,
      EventFormat format,
      Consumer<String> remarks,
      HostClock clock) {
    return new KafkaSink(properties, topic, null, host, stream, format, remarks, clock);
  }

  /// One that publishes exactly once. Only one may run for a host: a second one puts the first one
  /// out of action, which takes it back after half a minute.
  ///
  /// @param cursorTopic a compacted topic
  public static KafkaSink exactlyOnce(
      KafkaProperties properties,
      String topic,
      String cursorTopic,
      Host host,
      String stream,
      EventFormat format,
      Consumer<String> remarks,
      HostClock clock) {
    Cursors cursors = new Cursors(properties, cursorTopic, host, stream, false, clock);
    return new KafkaSink(properties, topic, cursors, host, stream, format, remarks, clock);
  }

  /// One that publishes what is left of a stream that has ended exactly once, while another one
  /// publishes the stream that has followed it.
  ///
  /// @param cursorTopic a compacted topic
  public static KafkaSink exactlyOnceBeside(
      KafkaProperties properties,
      String topic,
      String cursorTopic,
      Host host,
      String stream,
      EventFormat format,
      Consumer<String> remarks,
      HostClock clock) {
    Cursors cursors = new Cursors(properties, cursorTopic, host, stream, true, clock);
    return new KafkaSink(properties, topic, cursors, host, stream, format, remarks, clock);
  }

  /// Publishes in this format from the next batch on. Any thread.
  public void format(EventFormat next) {
    records.format(next);
  }

  private void connected(Producer<byte[], byte[]> producer) {
    if (cursors != null) {
      // Ends what an earlier producer has left open, whether or not it had been committed: from
      // then on the cursor tells.
      producer.initTransactions();
      next = cursors.read().orElse(0);
    }
  }

  /// The number to go on with, as the cursor of an earlier run in the same stream has it; empty if
  /// there is none. Waits until a broker tells. Nobody has to ask: what was committed before is
  /// passed over in any case.
  ///
  /// @throws IOException only if interrupted
  public OptionalLong resume() throws IOException {
    thread.await(thread.submit(() -> publisher.insist(_ -> {})));
    return next == 0 ? OptionalLong.empty() : OptionalLong.of(next);
  }

  @Override
  public Appetite write(List<Entry> entries) throws IOException {
    Appetite appetite = hand(entries);
    settle();
    return appetite;
  }

  @Override
  public Appetite hand(List<Entry> entries) throws IOException {
    EntryBatch batch = new EntryBatch(entries, records, limit, this::saySize, lost::increment);
    CompletableFuture<?> before = last;
    last = cursors == null ? publish(batch) : thread.submit(() -> transact(batch));
    // While these are on their way the caller can fetch the next.
    if (before != null) {
      thread.await(before);
    }
    return Appetite.MORE;
  }

  @Override
  public boolean isUnderWay() {
    return last != null;
  }

  @Override
  public void settle() throws IOException {
    if (last != null) {
      // What has failed is sent again only by one who waits for it.
      thread.await(cursors == null ? thread.submit(() -> settle(0)) : last);
      last = null;
    }
  }

  @Override
  public void idle() {
    publisher.check();
  }

  @Override
  public long lost() {
    return lost.sum();
  }

  private CompletableFuture<?> publish(EntryBatch batch) {
    Sending sending = new Sending(publisher, batch, 0, false);
    CompletableFuture<?> _ =
        thread.submit(
            () -> {
              underWay.add(sending);
              settle(1);
            });
    return sending.arrived();
  }

  /// Waits until no more batches than these are on their way.
  private void settle(int left) throws IOException {
    publisher.insist(
        producer -> {
          for (Sending one : underWay) {
            if (!one.send(producer)) {
              break;
            }
          }
          while (underWay.size() > left) {
            underWay.getFirst().await();
            underWay.removeFirst();
          }
        });
  }

  private void transact(EntryBatch batch) throws IOException {
    publisher.insist(producer -> transact(producer, batch));
  }

  private void transact(Producer<byte[], byte[]> producer, EntryBatch batch)
      throws InterruptedException, ExecutionException {
    int first = batch.placeOf(next);
    if (first == batch.size()) {
      return;
    }
    producer.beginTransaction();
    new Sending(publisher, batch, first, true).with(producer);
    for (ProducerRecord<byte[], byte[]> cursor : cursors.records(producer, batch.next())) {
      publisher.await(publisher.send(producer, cursor, (_, _) -> {}));
    }
    producer.commitTransaction();
    cursors.committed();
    next = batch.next();
  }

  private void saySize(String line) {
    if (saidOfSize.add(line.substring(line.indexOf(':')))) {
      remarks.accept(line + "; further ones are not mentioned");
    }
  }

  @Override
  public void close() {
    thread.close();
    publisher.close();
  }
}
