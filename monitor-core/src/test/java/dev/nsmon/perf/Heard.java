package dev.nsmon.perf;

import static org.awaitility.Awaitility.await;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.Push;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Remembers all that a push source says, and whether it said it in order.
public final class Heard implements Consumer<Push> {
  private final List<KernelRecord> records = new ArrayList<>();
  private final List<Push> others = new ArrayList<>();
  private long untilNanos = Long.MIN_VALUE;
  private String disorder = "";

  @Override
  public synchronized void accept(Push push) {
    switch (push) {
      case Push.Batch batch -> {
        long last = untilNanos;
        for (KernelRecord record : batch.records()) {
          if (record.nanos() < last || record.nanos() >= batch.untilNanos()) {
            disorder = record + " after " + last + " in a batch until " + batch.untilNanos();
          }
          last = record.nanos();
        }
        records.addAll(batch.records());
        untilNanos = batch.untilNanos();
      }
      case Push.Lost lost -> others.add(lost);
      case Push.Down down -> others.add(down);
      case Push.Up up -> others.add(up);
    }
  }

  /// Waits until all that has happened by now has been said.
  public void untilNow() {
    awaitUntil(System.nanoTime());
  }

  /// Waits until all that happens before then has been said.
  public void awaitUntil(long nanos) {
    await("the source to have told all")
        .atMost(Duration.ofSeconds(20))
        .until(() -> untilNanos() > nanos);
  }

  public synchronized long untilNanos() {
    return untilNanos;
  }

  public synchronized List<KernelRecord> records() {
    return List.copyOf(records);
  }

  /// All but the batches.
  public synchronized List<Push> others() {
    return List.copyOf(others);
  }

  /// Empty if every record came in the order of the times.
  public synchronized String disorder() {
    return disorder;
  }

  public synchronized void clear() {
    records.clear();
    others.clear();
  }

  /// Inodes of the namespaces that this JVM is in.
  public static Inodes own() {
    try {
      long[] byType = new long[NamespaceType.values().length];
      for (NamespaceType type : NamespaceType.values()) {
        Path link = Path.of("/proc/self/ns", type.kernelName());
        String name = Files.readSymbolicLink(link).toString();
        byType[type.ordinal()] =
            Long.parseLong(name.substring(name.indexOf('[') + 1, name.length() - 1));
      }
      return new Inodes(byType);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
