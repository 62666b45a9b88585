package dev.nsmon.live;

import static org.awaitility.Awaitility.await;

import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.Push;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// All that a push source has handed over.
final class Pushes implements Consumer<Push> {
  private final List<Push> pushes = new CopyOnWriteArrayList<>();

  @Override
  public void accept(Push push) {
    pushes.add(push);
  }

  List<Push> all() {
    return List.copyOf(pushes);
  }

  <P extends Push> List<P> all(Class<P> kind) {
    return pushes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  Stream<KernelRecord> records() {
    return all(Push.Batch.class).stream().flatMap(batch -> batch.records().stream());
  }

  /// What was told of one process.
  List<KernelRecord> of(int pid) {
    return records().filter(one -> one.pid() == pid).toList();
  }

  /// What was told of one process, when its exit has been.
  List<KernelRecord> untilExitOf(int pid) {
    until(
        "the exit of " + pid,
        () ->
            records()
                .anyMatch(
                    one ->
                        one instanceof KernelRecord.Exited
                            && one.pid() == pid
                            && one.tid() == pid));
    return of(pid);
  }

  void until(String what, BooleanSupplier condition) {
    await(what)
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(10))
        .until(condition::getAsBoolean);
  }

  /// Waits until all that has happened before this call was handed over or dismissed.
  void untilNow() {
    long now = System.nanoTime();
    until(
        "a batch that reaches this moment",
        () -> all(Push.Batch.class).stream().anyMatch(batch -> batch.untilNanos() > now));
  }
}
