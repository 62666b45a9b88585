package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.Fold;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Step;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A scanner that has looked once at a host where process 1 lives, and takes in records from then
/// on. Each record is a millisecond later than the one made before. All events are folded, so that
/// one which can't be true fails the test.
abstract class PushFixture extends ProcScannerFixture {
  static final long MILLI = 1_000_000;

  /// What the last call has told.
  List<NamespaceEvent> events = List.of();

  private SnapshotDiff diff;
  private Fold fold;
  private long nanos;

  /// Looks for the first time, whatever was prepared until now.
  void begin() throws IOException {
    diff = new SnapshotDiff(tellsAll());
    fold = Fold.of(look(), tellsAll());
    at(clock.nanoTime());
  }

  PushFollower follower() {
    return scanner.follower();
  }

  /// The next record was made a millisecond after this.
  void at(long time) {
    nanos = time;
  }

  /// When the next record was made. Time goes on with the records.
  long next() {
    clock.advance(Duration.ofNanos(MILLI));
    return nanos += MILLI;
  }

  Forked fork(int pid, int parent, String... names) {
    return new Forked(next(), pid, pid, parent, "sh", Records.inodes(names));
  }

  Forked forkThread(int pid, int tid, String... names) {
    return new Forked(next(), pid, tid, 1, "sh", Records.inodes(names));
  }

  /// Of a source that tells no inodes.
  Forked forkHint(int pid, int parent) {
    return new Forked(next(), pid, pid, parent, "", Inodes.NONE);
  }

  Executed execHint(int pid) {
    return new Executed(next(), pid, pid, "");
  }

  Moved move(int pid, String... names) {
    return moveThread(pid, pid, names);
  }

  Moved moveThread(int pid, int tid, String... names) {
    return new Moved(next(), pid, tid, 1, "sh", Records.inodes(names));
  }

  Executed exec(int pid, String comm) {
    return new Executed(next(), pid, pid, comm);
  }

  Exited exit(int pid) {
    return exitThread(pid, pid);
  }

  Exited exitThread(int pid, int tid) {
    return new Exited(next(), pid, tid);
  }

  List<String> apply(KernelRecord... records) {
    return told(follower().apply(Arrays.asList(records)), Source.PERF);
  }

  List<String> told(List<Step> steps, Source source) {
    events = new ArrayList<>();
    steps.forEach(step -> events.addAll(diff.step(step, source)));
    fold.apply(events);
    return Records.told(events);
  }

  /// Looks at everything, and what that tells.
  List<String> lookAgain() throws IOException {
    Snapshot before = follower().present();
    Snapshot after = scanner.look();
    events = diff.between(before, after);
    fold.apply(events);
    assertEquals(Fold.of(after, tellsAll()).state(), fold.state());
    return Records.told(events);
  }

  private boolean tellsAll() {
    return settings.describe() == ScanSettings.Describe.ALL;
  }
}
