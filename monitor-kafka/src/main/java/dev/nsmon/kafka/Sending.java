package dev.nsmon.kafka;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// The attempt to publish one [Batch]. It counts the records that are acknowledged, across
/// successive producers if one fails.
///
/// One thread calls it, except for [#arrived()]. The producer's network thread runs the
/// acknowledgement callbacks.
final class Sending implements Publisher.Work {
  private final Publisher publisher;
  private final Batch batch;
  private final boolean inTransaction;

  /// Completed by the acknowledgement of the batch's last record, on the producer's network thread,
  /// or by [#await], whichever comes first. [#await] may run much later.
  private final CompletableFuture<Void> arrived = new CompletableFuture<>();

  /// Progress with the current producer. Replaced by [#send] when it is called with another
  /// producer.
  private Passage passage;

  /// @param first index of the first record to send; earlier ones are skipped
  /// @param inTransaction true if a record that is too large must fail the whole batch; false if
  ///   the batch replaces that record by a smaller one
  Sending(Publisher publisher, Batch batch, int first, boolean inTransaction) {
    this.publisher = publisher;
    this.batch = batch;
    this.inTransaction = inTransaction;
    this.passage = new Passage(null, first);
  }

  /// Progress of the batch with one producer. The producer's network thread writes the fields; the
  /// sending thread may read them after [Passage#last] has completed or that thread has ended.
  private static final class Passage {
    final Producer<byte[], byte[]> producer;

    /// Records with a lower index have been acknowledged.
    int arrived;

    long lowestOffset = Long.MAX_VALUE;
    long highestOffset = -1;

    /// Index of the first record that failed; undefined while [#failure] is null.
    int failed;

    /// Cause of the first failure; null if none has failed. Later failures are its consequences,
    /// since the producer is closed at the first, and are ignored.
    volatile Throwable failure;

    /// Result of the record that was passed to the producer last; null if there is none.
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

  /// Sends all records that are not yet acknowledged and waits until they are.
  @Override
  public void with(Producer<byte[], byte[]> producer)
      throws InterruptedException, ExecutionException {
    send(producer);
    await();
  }

  /// Passes all records that are not yet acknowledged to the producer, without waiting for their
  /// acknowledgement. Does nothing if this producer has them already.
  ///
  /// @return false if a record has failed; then nothing may be sent after this batch
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
        // The producer's network thread has closed it, since an earlier record of this batch or of
        // the batch before has failed.
        to.failed(place, e);
        return;
      }
      if (sent.state() != Future.State.FAILED) {
        to.last = sent;
        return;
      }
      // If the broker has rejected a record, the callback has set the failure and closed the
      // producer.
      boolean byBroker = to.failure != null;
      if (inTransaction || byBroker || !Trouble.isTooLarge(sent.exceptionNow())) {
        to.failed(place, sent.exceptionNow());
        return;
      }
      // The producer rejected it before sending (max.request.size) and stays usable.
      batch.refused(place);
    }
  }

  /// Waits until all records that were passed to the producer are acknowledged.
  ///
  /// @throws ExecutionException with the cause of the first failure. If that record was too large,
  ///   the batch has reduced it and can be sent again.
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

  /// Completes when all records are acknowledged, and never if that does not happen. Any thread.
  CompletableFuture<Void> arrived() {
    return arrived;
  }

  /// The lowest offset of the records that were acknowledged to the last producer; [Long#MAX_VALUE]
  /// if none is known.
  long lowestOffset() {
    return passage.lowestOffset;
  }

  /// The highest offset of all acknowledged records, over all producers; -1 if none is known.
  long highestOffset() {
    return passage.highestOffset;
  }
}
