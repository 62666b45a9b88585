package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.format.NamespaceState;
import dev.nsmon.format.StateFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A batch of namespace states. A state that is too large is published without its holders; if it
/// is still too large, a tombstone replaces it.
final class StateBatch implements Batch {
  private final String topic;
  private final StateFormat format;
  private final SizeLimit limit;
  private final List<Change> changes = new ArrayList<>();
  private int partition;

  /// @param key of the record
  /// @param state empty to publish a tombstone: the namespace is gone, or its state is too large
  /// @param truncated whether holders were left out
  private record Change(String key, Optional<NamespaceState> state, boolean truncated) {}

  StateBatch(String topic, StateFormat format, SizeLimit limit) {
    this.topic = topic;
    this.format = format;
    this.limit = limit;
  }

  /// Adds a state; empty adds a tombstone for a namespace that is gone.
  void add(String key, Optional<NamespaceState> state) {
    changes.add(new Change(key, state, false));
  }

  private static NamespaceState withoutHolders(NamespaceState state) {
    return new NamespaceState(
        state.host(),
        state.stream(),
        state.seq(),
        state.time(),
        state.namespace(),
        List.of(),
        state.processes(),
        state.container());
  }

  /// Sets the partition that all records are sent to. Call it before [#at].
  void to(int itsPartition) {
    partition = itsPartition;
  }

  @Override
  public int size() {
    return changes.size();
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> at(int index) {
    while (true) {
      Change change = changes.get(index);
      byte[] value = value(change);
      if (value == null || limit.allows(value.length)) {
        return Optional.of(
            new ProducerRecord<>(topic, partition, change.key().getBytes(UTF_8), value));
      }
      changes.set(index, smaller(change));
    }
  }

  @Override
  public void refused(int index) {
    Change change = changes.get(index);
    byte[] value = value(change);
    limit.refused(value == null ? 0 : value.length);
    changes.set(index, smaller(change));
  }

  /// The JSON of the state; null is a tombstone, which removes the key from the compacted topic.
  private byte[] value(Change change) {
    byte[] json = change.state().map(format::write).orElse(null);
    return change.truncated() && json != null ? EventRecords.truncated(json) : json;
  }

  /// The next smaller form. After the form without holders comes a tombstone, since no record is
  /// better than an outdated one.
  private static Change smaller(Change change) {
    Optional<NamespaceState> smaller =
        change.truncated() ? Optional.empty() : change.state().map(StateBatch::withoutHolders);
    return new Change(change.key(), smaller, true);
  }
}
