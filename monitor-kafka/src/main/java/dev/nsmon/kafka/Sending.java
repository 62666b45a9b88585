package dev.nsmon.kafka;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// A batch on its way: which of its records have been acknowledged, over as many producers as it
/// takes. Used by one thread.
final class Sending implements Publisher.Work {
  private final Publisher publisher;
  private final Batch batch;
  private final boolean inTransaction;
  private int first;
  private long lowestOffset = Long.MAX_VALUE;
  private long highestOffset = -1;

  /// @param first the place in the batch to begin with
  /// @param inTransaction whether a record that is refused spoils all of them
  Sending(Publisher publisher, Batch batch, int first, boolean inTransaction) {
    this.publisher = publisher;
    this.batch = batch;
    this.first = first;
    this.inTransaction = inTransaction;
  }

  /// Sends what has not been acknowledged yet, and waits until it is.
  @Override
  public void with(Producer<byte[], byte[]> producer)
      throws InterruptedException, ExecutionException {
    lowestOffset = Long.MAX_VALUE;
    for (Future<RecordMetadata> sent : sendAll(producer)) {
      try {
        RecordMetadata metadata = publisher.await(sent);
        if (metadata != null && metadata.hasOffset()) {
          lowestOffset = Math.min(lowestOffset, metadata.offset());
          highestOffset = Math.max(highestOffset, metadata.offset());
        }
      } catch (ExecutionException e) {
        if (Trouble.isTooLarge(e)) {
          batch.refused(first);
        }
        throw e;
      }
      first++;
    }
  }

  /// The lowest offset that a record got from the last producer; [Long#MAX_VALUE] if none is known.
  long lowestOffset() {
    return lowestOffset;
  }

  /// The highest offset that a record got; -1 if none is known.
  long highestOffset() {
    return highestOffset;
  }

  private Queue<Future<RecordMetadata>> sendAll(Producer<byte[], byte[]> producer) {
    Queue<Future<RecordMetadata>> all = new ArrayDeque<>(batch.size() - first);
    int next = first;
    while (next < batch.size()) {
      Optional<ProducerRecord<byte[], byte[]>> record = batch.at(next);
      Future<RecordMetadata> sent;
      try {
        sent =
            record.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : publisher.send(producer, record.get());
      } catch (IllegalStateException e) {
        // Closed meanwhile, because one before this has failed.
        if (all.isEmpty()) {
          throw e;
        }
        break;
      }
      boolean failed = sent.state() == Future.State.FAILED;
      if (failed && !inTransaction && Trouble.isTooLarge(sent.exceptionNow())) {
        batch.refused(next);
        continue;
      }
      all.add(sent);
      next++;
      if (failed) {
        break;
      }
    }
    return all;
  }
}
