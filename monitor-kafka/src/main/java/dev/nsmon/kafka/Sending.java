package dev.nsmon.kafka;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// A batch on its way: which of its records have been acknowledged, over as many producers as it
/// takes. Used by one thread; the producer's own tells of acknowledgements.
final class Sending implements Publisher.Work {
  private final Publisher publisher;
  private final Batch batch;
  private final boolean inTransaction;

  /// Completes when all of it has arrived, which is known before whoever sends it waits for that.
  private final CompletableFuture<Void> arrived = new CompletableFuture<>();

  /// What the present producer does with what it was handed.
  private Passage passage;

  /// @param first the place in the batch to begin with
  /// @param inTransaction whether a record that is refused spoils all of them
  Sending(Publisher publisher, Batch batch, int first, boolean inTransaction) {
    this.publisher = publisher;
    this.batch = batch;
    this.inTransaction = inTransaction;
    this.passage = new Passage(null, first);
  }

  /// The records that one producer was handed. What its thread writes here is seen by whoever has
  /// waited for the last of them, or for the end of that thread.
  private static final class Passage {
    final Producer<byte[], byte[]> producer;

    /// Places below this have been acknowledged.
    int arrived;

    long lowestOffset = Long.MAX_VALUE;
    long highestOffset = -1;

    /// The place that failed first.
    int failed;

    /// Why; those behind it only follow from it. Null while all goes well.
    volatile Throwable failure;

    /// Of the last record that was handed over; null if there is none.
    Future<RecordMetadata> last;

    Passage(Producer<byte[], byte[]> producer, int arrived) {
      this.producer = producer;
      this.arrived = arrived;
    }

    void arrived(int place, RecordMetadata metadata) {
      arrived = place + 1;
      if (metadata.hasOffset()) {
        lowestOffset = Math.min(lowestOffset, metadata.offset());
        highestOffset = Math.max(highestOffset, metadata.offset());
      }
    }

    synchronized void failed(int place, Throwable why) {
      if (failure == null) {
        failed = place;
        failure = why;
      }
    }
  }

  /// Sends what has not been acknowledged yet, and waits until it is.
  @Override
  public void with(Producer<byte[], byte[]> producer)
      throws InterruptedException, ExecutionException {
    send(producer);
    await();
  }

  /// Hands over what has not been acknowledged yet, unless this producer has it already.
  ///
  /// @return false if one has failed, so that nothing is to be sent after it
  boolean send(Producer<byte[], byte[]> producer) {
    if (passage.producer != producer) {
      Passage fresh = new Passage(producer, passage.arrived);
      fresh.highestOffset = passage.highestOffset;
      passage = fresh;
      for (int place = fresh.arrived; place < batch.size() && fresh.failure == null; place++) {
        hand(place, fresh);
      }
    }
    return passage.failure == null;
  }

  private void hand(int place, Passage to) {
    Publisher.Told told =
        (metadata, failure) -> {
          if (failure == null) {
            to.arrived(place, metadata);
            if (place == batch.size() - 1) {
              arrived.complete(null);
            }
          } else {
            to.failed(place, failure);
          }
        };
    while (true) {
      Optional<ProducerRecord<byte[], byte[]>> record = batch.at(place);
      if (record.isEmpty()) {
        return;
      }
      Future<RecordMetadata> sent;
      try {
        sent = publisher.send(to.producer, record.get(), told);
      } catch (IllegalStateException e) {
        // Closed meanwhile, because one before this has failed, here or in the batch before.
        to.failed(place, e);
        return;
      }
      if (sent.state() != Future.State.FAILED) {
        to.last = sent;
        return;
      }
      // Where the broker has refused it already, that was told, and the producer is closed.
      boolean byBroker = to.failure != null;
      if (inTransaction || byBroker || !Trouble.isTooLarge(sent.exceptionNow())) {
        to.failed(place, sent.exceptionNow());
        return;
      }
      // By the producer itself, to which nothing has happened thereby.
      batch.refused(place);
    }
  }

  /// Waits until all that was handed over is acknowledged.
  void await() throws InterruptedException, ExecutionException {
    if (passage.last != null) {
      try {
        publisher.await(passage.last);
      } catch (ExecutionException e) {
        passage.failed(passage.arrived, e.getCause());
      }
    }
    if (passage.failure != null) {
      if (Trouble.isTooLarge(passage.failure)) {
        batch.refused(passage.failed);
      }
      throw new ExecutionException(passage.failure);
    }
    arrived.complete(null);
  }

  /// Completes when all of it has been acknowledged; never, if that does not happen. Any thread.
  CompletableFuture<Void> arrived() {
    return arrived;
  }

  /// The lowest offset that a record got from the last producer; [Long#MAX_VALUE] if none is known.
  long lowestOffset() {
    return passage.lowestOffset;
  }

  /// The highest offset that a record got; -1 if none is known.
  long highestOffset() {
    return passage.highestOffset;
  }
}
