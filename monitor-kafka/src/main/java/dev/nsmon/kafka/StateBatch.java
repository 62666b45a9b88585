package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.format.NamespaceState;
import dev.nsmon.format.StateFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// States to publish. One that is too large is told without its holders, then not at all.
final class StateBatch implements Batch {
  private final String topic;
  private final StateFormat format;
  private final SizeLimit limit;
  private final List<Change> changes = new ArrayList<>();
  private int partition;

  /// @param key of the record
  /// @param state empty if the namespace is gone, or its state too large
  /// @param truncated whether something was left out
  private record Change(String key, Optional<NamespaceState> state, boolean truncated) {}

  StateBatch(String topic, StateFormat format, SizeLimit limit) {
    this.topic = topic;
    this.format = format;
    this.limit = limit;
  }

  /// A state to publish; empty if the namespace is gone.
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

  /// Where all of them go.
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

  /// Null, which removes the key, if there is no state.
  private byte[] value(Change change) {
    byte[] json = change.state().map(format::write).orElse(null);
    return change.truncated() && json != null ? EventRecords.truncated(json) : json;
  }

  /// One that is too large even without its holders is said to be gone, rather than left as it was.
  private static Change smaller(Change change) {
    Optional<NamespaceState> smaller =
        change.truncated() ? Optional.empty() : change.state().map(StateBatch::withoutHolders);
    return new Change(change.key(), smaller, true);
  }
}
