package dev.nsmon.monitor;

import dev.nsmon.event.AttentionRules;
import dev.nsmon.event.KnownGood;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.Naming;
import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.event.Source;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Step;
import dev.nsmon.procfs.BirthIds;
import dev.nsmon.procfs.ProcScanner;
import dev.nsmon.procfs.PushFollower;
import dev.nsmon.push.Push;
import dev.nsmon.sink.Supervisor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The main loop: scans the host, computes the changes since the previous scan, and appends them to
/// the log as events. While a push source works, its records show the changes as they happen. Full
/// scans then follow losses only. A periodic reconciliation with `/proc` finds the changes that no
/// record showed.
///
/// One thread, named `monitor`, runs the loop and owns all state.
public final class Monitor {
  private final ProcScanner scanner;
  private final PushFollower follower;
  private final SnapshotDiff diff;
  private final AttentionRules attention;
  private final Naming naming;
  private final EventLog log;
  private final MonitorSettings settings;
  private final List<Feed> feeds;
  private final Optional<Earlier> earlier;
  private final Consumer<Snapshot> firstLook;
  private final Consumer<String> remarks;
  private final HostClock clock;
  private final Inbox inbox = new Inbox();
  private final Questions questions = new Questions();
  private final Looks looks;
  private final Reconciler reconciler;
  private final Unseen unseen;
  private final PushLoss loss;
  private final HeapKeeper heap;
  private final PacedLog paced;
  private final Searches searches;
  private final MonitorStats stats = new MonitorStats();
  private final Standstill standstill;
  private final Thread thread;

  /// The push source in use. Set by [#open]; null if none could be opened or none is configured.
  private Feed feed;

  // True while the push source delivers. Set by open() and Push.Up, cleared by Push.Down.
  private boolean up;
  // The watermark: all records older than this have been applied.
  private long untilNanos = Long.MIN_VALUE;
  // Set when /proc could not be read; cleared by the next full scan that succeeds.
  private boolean failing;
  private volatile boolean stopped;
  private volatile boolean failed;

  /// True if the kernel's ids are to be read at the end. Set by [#willGoOn], before the start.
  private boolean goesOn;

  /// The kernel's ids at the end of this run. Set by the monitor thread; empty before the end,
  /// without [#willGoOn], and if the ids can't be read.
  private volatile Optional<BirthIds> born = Optional.empty();

  /// @param feeds push sources, the best first; the first that the kernel permits is used
  /// @param earlier the state at the end of an earlier run, with which the first scan is compared;
  ///   empty if there is none
  /// @param firstLook receives the first scan, after its events were appended; on the monitor
  ///   thread, which it must not block
  /// @param remarks receives messages for people, each when a condition has changed
  /// @param clock the clock by which the push sources stamp their records
  public Monitor(
      ProcScanner scanner,
      SnapshotDiff diff,
      AttentionRules attention,
      Naming naming,
      EventLog log,
      MonitorSettings settings,
      List<Feed> feeds,
      Optional<Earlier> earlier,
      Consumer<Snapshot> firstLook,
      Consumer<String> remarks,
      HostClock clock) {
    this.scanner = scanner;
    this.follower = scanner.follower();
    this.diff = diff;
    this.attention = attention;
    this.naming = naming;
    this.log = log;
    this.settings = settings;
    this.feeds = feeds;
    this.earlier = earlier;
    this.firstLook = firstLook;
    this.remarks = remarks;
    this.clock = clock;
    this.loss = new PushLoss(clock);
    this.heap = new HeapKeeper(clock::nanoTime);
    this.paced = new PacedLog(log, inbox, clock, () -> stopped);
    this.searches = new Searches(follower, stats, remarks);
    this.standstill = new Standstill(stats, scanner::asked, clock, remarks);
    this.looks = new Looks(settings.interval(), remarks);
    this.unseen = new Unseen(scanner::births, scanner::seenBorn);
    this.reconciler =
        new Reconciler(
            follower,
            settings,
            clock,
            this::found,
            nanos -> stats.compared(clock.instant(), nanos));
    follower.whenSearchReady(inbox::wake);
    this.thread = Thread.ofPlatform().name("monitor").daemon().unstarted(this::run);
  }

  /// Starts the monitor thread.
  public void start() {
    thread.start();
  }

  /// Requests the end: the monitor thread completes its current scan or turn, then closes the log.
  /// Returns at once; may be called twice. Any thread.
  public void stop() {
    stopped = true;
    inbox.wake();
  }

  /// Waits until the monitor thread has ended.
  public void join() throws InterruptedException {
    thread.join();
  }

  /// True if the monitor ended by itself, because `/proc` could not be read at the start or because
  /// of a bug. Any thread.
  public boolean hasFailed() {
    return failed;
  }

  /// Replaces the programs whose joins are not marked for attention. Any thread.
  public void trust(KnownGood programs) {
    attention.trust(programs);
  }

  /// Requests that the kernel's ids are read at the end, so that the next run can count the
  /// namespaces that it missed. To be called before [#start].
  public void willGoOn() {
    goesOn = true;
  }

  /// The kernel's ids at the end of this run, from which the next run counts the namespaces born
  /// since. Empty before the end, without [#willGoOn], after a failure, and if the ids can't be
  /// read.
  public Optional<BirthIds> born() {
    return born;
  }

  /// Statistics of this monitor, which it updates while it runs.
  public MonitorStats stats() {
    return stats;
  }

  /// Finds out when it is blocked. Any thread.
  public Standstill standstill() {
    return standstill;
  }

  /// Returns the state of the host, with the sequence number of the last event that it includes.
  /// Waits for the end of the monitor's current turn. After the end of the monitor, returns the
  /// final state. Any thread but the monitor's own.
  ///
  /// Throws a [java.util.concurrent.CompletionException] if the monitor has failed and has no final
  /// state.
  public Present present() {
    CompletableFuture<Present> answer = questions.ask();
    inbox.wake();
    Present present = answer.join();
    // On the caller's thread, to keep the monitor's thread free.
    return new Present(present.seq(), naming.state(present.snapshot()));
  }

  /// The state after the last turn. Monitor thread, or a test without one.
  Present now() {
    return new Present(log.nextSeq() - 1, follower.present());
  }

  private void run() {
    try (scanner;
        log) {
      loop();
    } finally {
      if (feed != null) {
        feed.source().close();
      }
    }
  }

  private void loop() {
    try {
      if (!begin()) {
        return;
      }
      while (!stopped) {
        turn(dueNanos() - clock.nanoTime());
      }
    } catch (InterruptedException e) {
      // An interrupt ends the loop like stop(). Without stop(), no ids are read at the end.
    } catch (RuntimeException | Error e) {
      // Set before the log is closed: readers check it when they reach the end of the log.
      failed = true;
      remarks.accept("the monitor has failed, which is a bug: " + Supervisor.words(e));
      if (Supervisor.isOutOfMemory(e)) {
        throw e;
      }
    } finally {
      if (stopped && !failed && goesOn) {
        born = scanner.birthIds();
      }
      endQuestions();
    }
  }

  /// Answers the open state requests, even after a failure: a caller of [#present] must not wait
  /// forever.
  private void endQuestions() {
    try {
      questions.end(now());
    } catch (RuntimeException | Error e) {
      failed = true;
      questions.fail(e);
    }
  }

  /// Opens a push source and runs the first scan. Monitor thread, or a test without one.
  ///
  /// @return true if the scan succeeded; false if `/proc` can't be read, which is reported
  boolean begin() {
    stats.reads(clock.nanoTime());
    try {
      // Before a source is open: reading the ids creates namespaces, which it would deliver.
      Optional<BirthIds> ids = earlier.isPresent() ? scanner.birthIds() : Optional.empty();
      open();
      return first(ids);
    } finally {
      stats.waits();
    }
  }

  /// Runs one turn of the loop: applies what was pushed, runs what is due, and answers state
  /// requests. Monitor thread, or a test without one.
  ///
  /// @param nanos the longest wait for a push, in nanoseconds; 0 or less not to wait
  void turn(long nanos) throws InterruptedException {
    List<Push> pushed = inbox.take(nanos);
    stats.reads(clock.nanoTime());
    try {
      pushed.forEach(this::take);
      work(clock.nanoTime());
    } finally {
      stats.waits();
    }
    questions.answer(this::now);
    heap.consider();
  }

  private void open() {
    Feeds.Opened opened = Feeds.open(feeds, settings, inbox::put, remarks);
    feed = opened.feed().orElse(null);
    up = feed != null;
    Source wanted = feeds.isEmpty() ? Source.POLL : feeds.getFirst().name();
    if (up || feeds.isEmpty()) {
      stats.feeds(up ? feed.name() : wanted, clock.instant());
    } else {
      stats.feedDown(wanted, clock.instant(), opened.refused());
    }
  }

  private boolean first(Optional<BirthIds> ids) {
    try {
      looks.begin(clock.nanoTime());
      if (feed == null) {
        unseen.count();
      }
      Optional<Earlier> same = earlier.filter(run -> run.earlierBoot().isEmpty());
      same.ifPresent(run -> scanner.resume(run.snapshot(), run.generation()));
      Snapshot first = scanner.look();
      looks.end(first.report().nanos(), feed == null);
      same.ifPresent(_ -> attention.learn(first));
      List<NamespaceEvent> begin = new ArrayList<>();
      earlier.flatMap(run -> Downtime.lost(run, ids, first)).ifPresent(begin::add);
      begin.addAll(
          same.isPresent()
              ? diff.resumed(scanner.resumed(same.get().snapshot()), first)
              : begun(first));
      // The baseline in one append: memory holds the last append whole, however large.
      log.append(ready(begin));
      follow();
      stats.looked(first.time(), first.report().nanos());
      firstLook.accept(first);
      return true;
    } catch (IOException e) {
      failed = true;
      remarks.accept("can't read /proc: " + e.getMessage());
      return false;
    }
  }

  private List<NamespaceEvent> begun(Snapshot first) {
    List<NamespaceEvent> events = new ArrayList<>();
    earlier.ifPresent(
        run ->
            events.addAll(
                diff.rebooted(run.snapshot(), run.earlierBoot().orElseThrow(), first.time())));
    events.addAll(diff.baseline(first));
    return events;
  }

  private void follow() {
    if (feed != null) {
      paced.readsFrom(feed.source());
      feed.source().follow(follower.followed());
    }
    if (up) {
      reconciler.looked(clock.nanoTime());
    }
  }

  /// When the next turn is due even if nothing is pushed, by [HostClock#nanoTime()].
  long dueNanos() {
    long due = Math.min(lookDueNanos(), follower.regroupDueNanos());
    return Math.min(due, searches.dueNanos());
  }

  private long lookDueNanos() {
    if (loss.isPending()) {
      return loss.dueNanos();
    }
    return up ? reconciler.dueNanos() : looks.dueNanos();
  }

  private void take(Push push) {
    switch (push) {
      case Push.Batch batch -> {
        if (!batch.records().isEmpty()) {
          tell(events(follower.apply(batch.records()), feed.name()));
        }
        untilNanos = batch.untilNanos();
        if (follower.takeOverflow()) {
          stats.overrun();
          loss.add(OptionalLong.empty());
        }
      }
      case Push.Lost lost -> {
        stats.overrun();
        loss.add(lost.count());
      }
      case Push.Down down -> {
        up = false;
        stats.feedDown(feed.name(), clock.instant(), down.why());
        stats.feedFailed();
        remarks.accept(down.why() + ": polling every " + Reconciler.words(settings.interval()));
      }
      case Push.Up _ -> {
        up = true;
        stats.feeds(feed.name(), clock.instant());
        loss.add(OptionalLong.empty());
        remarks.accept(feed.name() + " works again");
      }
    }
  }

  private void work(long now) {
    if (now >= follower.regroupDueNanos()) {
      attention.learn(follower.regroup());
    }
    tell(events(searches.run(now), Source.POLL));
    searches.note();
    try {
      if (loss.isPending() && now >= loss.dueNanos()) {
        loss.take(clock.instant(), feed.name()).ifPresent(lost -> tell(List.of(lost)));
        look(false);
        loss.scanned();
      } else if (!up && now >= looks.dueNanos()) {
        look(true);
      } else if (up && !loss.isPending()) {
        reconciler.run(now, untilNanos);
      }
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        remarks.accept("can't read /proc, and will try again: " + e.getMessage());
      }
    }
  }

  private void look(boolean regular) throws IOException {
    Snapshot previous = follower.present();
    looks.begin(clock.nanoTime());
    if (feed == null) {
      unseen.count();
    }
    Snapshot next = scanner.look();
    looks.end(next.report().nanos(), regular);
    tell(diff.between(previous, next));
    if (feed == null) {
      unseen.tell(next, previous).ifPresent(lost -> tell(List.of(lost)));
    }
    follow();
    stats.looked(next.time(), next.report().nanos());
    if (failing) {
      failing = false;
      remarks.accept("/proc can be read again");
    }
  }

  /// Converts steps to events.
  ///
  /// @param looked the source of steps whose time is not the kernel's
  private List<NamespaceEvent> events(List<Step> steps, Source looked) {
    List<NamespaceEvent> events = new ArrayList<>();
    for (Step step : steps) {
      events.addAll(diff.step(step, step.exact() ? feed.name() : looked));
    }
    return events;
  }

  private void tell(List<NamespaceEvent> events) {
    stats.waits();
    paced.append(ready(events));
    stats.reads(clock.nanoTime());
  }

  private List<NamespaceEvent> ready(List<NamespaceEvent> events) {
    return naming.events(attention.mark(events));
  }

  /// Reports what the reconciliation has found.
  ///
  /// @param shouldHaveBeenTold true if the push source should have delivered it
  private void found(List<Step> steps, boolean shouldHaveBeenTold) {
    List<NamespaceEvent> events = events(steps, Source.POLL);
    if (shouldHaveBeenTold && !events.isEmpty()) {
      stats.missed(events.size());
      remarks.accept(
          feed.name() + " has missed " + events.size() + " events, now found by looking");
    }
    tell(events);
  }
}
