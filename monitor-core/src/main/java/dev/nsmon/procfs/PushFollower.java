package dev.nsmon.procfs;

import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Step;
import dev.nsmon.namespace.Task;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Follows a push source between the looks of a [ProcScanner], which it shares all knowledge with:
/// takes in what was reported, asks after what nobody reports, and compares with `/proc` what was.
///
/// On the thread of the scanner. Each call answers with the steps that it made, in the order in
/// which they are to be told.
public final class PushFollower {
  private final Scan scan;
  private final PushReader pushes;
  private final Comparison comparison;

  PushFollower(Scan scan) {
    this.scan = scan;
    this.pushes = new PushReader(scan);
    this.comparison = new Comparison(scan, pushes);
  }

  PushExits exits() {
    return pushes.exits();
  }

  /// Everything as it is known now, without looking.
  public Snapshot present() {
    return scan.present();
  }

  /// The inodes of the initial namespaces.
  public Inodes initialInodes() {
    return scan.table.initialInodes().now();
  }

  /// Processes of which a push source must report everything: those that are, or make children,
  /// outside the initial namespaces.
  public int[] followed() {
    return scan.slots.stream()
        .filter(slot -> !slot.place.set.isInitial() || !slot.threads.isEmpty())
        .mapToInt(slot -> slot.pid)
        .toArray();
  }

  /// Takes in what was reported, in the order of its times.
  public List<Step> apply(List<KernelRecord> batch) {
    begin();
    pushes.apply(batch);
    return end();
  }

  /// Whether there was more to look at than could be, since this was asked last: a look at
  /// everything is needed.
  public boolean takeOverflow() {
    return pushes.hints().takeOverflow();
  }

  /// When [#settle] has something to do next, by [HostClock#nanoTime()]; [Long#MAX_VALUE] if never.
  public long settleDueNanos() {
    return Math.min(scan.endings.dueNanos(), pushes.exits().dueNanos());
  }

  /// Asks again after processes and namespaces that were about to end.
  public List<Step> settle() {
    begin();
    pushes.exits().settle();
    scan.endings.settle(scan.clock.now());
    pushes.steps().addFound(scan.clock.wallNow());
    return end();
  }

  /// When [#regroup] has something to do next, by [HostClock#nanoTime()]; [Long#MAX_VALUE] if
  /// never.
  public long regroupDueNanos() {
    return scan.latecomers.dueNanos();
  }

  /// Asks after those who were on their way out when they were first looked at. To be called when
  /// all records older than that look are in.
  public List<Step> askExiting() {
    begin();
    pushes.exits().askExiting();
    pushes.steps().addFound(scan.clock.wallNow());
    return end();
  }

  /// Reads the control groups again of processes that have just joined: whose container they are in
  /// may have shown only now. That is no event; it is in [#present] and in what is told of them
  /// next. Whether a source reports or not.
  ///
  /// @return those whose container has changed and that live where they are, having come from
  ///   nowhere else
  public List<Task> regroup() {
    List<Slot> changed = scan.latecomers.settle(scan.clock.nanoTime());
    scan.stepped |= !changed.isEmpty();
    return changed.stream().filter(slot -> !slot.hasEntered).map(slot -> slot.task).toList();
  }

  /// Asks after all namespaces without members: what ends by an unmount or a close is reported by
  /// nobody.
  public List<Step> askAll() {
    begin();
    scan.endings.askAll();
    pushes.steps().addFound(scan.time, scan.clock.wallNow());
    scan.time = scan.clock.wallNow();
    return end();
  }

  /// Compares everything with what is known, to find what was not reported. Tells only of zombies
  /// that were there from the first and have been reaped, which nobody reports; for the rest see
  /// [#confirm].
  ///
  /// @throws IOException if /proc can't be listed
  public List<Step> compare() throws IOException {
    begin();
    scan.list();
    comparison.run();
    scan.previousTicks = scan.proc.bootTicks();
    return end();
  }

  /// Whether the comparison found any that differ and have not been explained.
  public boolean hasSuspects() {
    return comparison.hasSuspects();
  }

  /// To be called when all records older than the last comparison, or the last call, are in: what
  /// no record has explained, as changes that were missed.
  public List<Step> confirm() {
    begin();
    comparison.confirm();
    return end();
  }

  /// Whether there is a namespace without members that only [#search] can prove to have ended.
  public boolean needsSearch() {
    return scan.endings.needsSearch();
  }

  /// Searches for what holds namespaces, if that is due or needed, or goes on with a search, for a
  /// slice. When it has ended, those have ended too that nothing holds and the kernel has no id to
  /// ask for. To be called after [#compare].
  public List<Step> search() {
    begin();
    scan.holders.search(scan.look, scan.slots, true);
    Set<Known> unheld = scan.holders.unheld(scan.look, scan.slots);
    Set<Known> kept = unheld.isEmpty() ? Set.of() : pushes.exits().keptByUnreaped();
    for (Known known : List.copyOf(scan.table.all()).reversed()) {
      // A process that was seen there and is not known to be: its record is on the way.
      if (unheld.contains(known)
          && !comparison.isNamed(known.namespace.inode())
          && !kept.contains(known)) {
        scan.table.end(known, Evidence.NO_HOLDER);
      }
    }
    pushes.steps().addFound(scan.time, scan.clock.wallNow());
    return end();
  }

  /// When [#search] is to go on with a search that has begun, by [HostClock#nanoTime()];
  /// [Long#MAX_VALUE] if there is none.
  public long searchDueNanos() {
    return scan.holders.dueNanos();
  }

  /// Whether a search has begun and has not ended.
  public boolean isSearching() {
    return scan.holders.isSearching();
  }

  /// For how long a search has been under way that should have ended by now, in nanoseconds; 0 if
  /// there is none.
  public long searchBehindNanos() {
    return scan.holders.behindNanos();
  }

  /// Calls this when a search can go on that was not waited for; on any thread.
  public void whenSearchReady(Runnable call) {
    scan.holders.whenReady(call);
  }

  private void begin() {
    scan.look++;
    scan.clock.begin();
    scan.table.beginStep(scan.look, scan.clock.wallNow(), scan.clock.ticks(scan.clock.now()));
    scan.processes.begin(scan.look, scan.previousTicks, false);
  }

  private List<Step> end() {
    if (scan.table.untold().isAny()) {
      // Seen in passing, with nobody in it any more.
      scan.endings.doubt();
      pushes.steps().addFound(scan.clock.wallNow());
    }
    scan.places.forgetEnded();
    scan.stepped = true;
    return pushes.steps().take();
  }
}
