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

/// The loop: look, compare with the look before, append what changed to the log. Where a push
/// source works, it tells what changes as it happens, and looks become few: they find what the
/// source should have told and did not.
///
/// One thread, named `monitor`, runs it and owns all state.
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
  private final Thread thread;

  /// The source that reports; null if none does.
  private Feed feed;

  private boolean up;
  private long untilNanos = Long.MIN_VALUE;
  private boolean failing;
  private volatile boolean stopped;
  private volatile boolean failed;

  /// Set by [#willGoOn].
  private boolean goesOn;

  /// The kernel's ids at the end; empty before that, and where they can't be told.
  private volatile Optional<BirthIds> born = Optional.empty();

  /// @param feeds push sources, the best first: the first that the kernel grants is used
  /// @param earlier what an earlier run has told last, with which the first look is compared
  /// @param firstLook takes the snapshot of the first look, when it has been told
  /// @param remarks takes words for people, each when something has changed
  /// @param clock the one that the push sources stamp their records by
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

  /// Starts it.
  public void start() {
    thread.start();
  }

  /// Lets it finish the look it is at, and ends the log. Returns at once; may be called twice.
  public void stop() {
    stopped = true;
    inbox.wake();
  }

  /// Waits until it has ended.
  public void join() throws InterruptedException {
    thread.join();
  }

  /// Whether it ended by itself, because there was nothing to look at or it has a bug.
  public boolean hasFailed() {
    return failed;
  }

  /// Has these programs known to be good, and no others. Any thread.
  public void trust(KnownGood programs) {
    attention.trust(programs);
  }

  /// Has it note at its end what the next run needs, to tell what happened in between. Before it is
  /// started.
  public void willGoOn() {
    goesOn = true;
  }

  /// The kernel's ids at its end, from which the next run counts what was born in between; empty if
  /// they can't be told, or it has not ended.
  public Optional<BirthIds> born() {
    return born;
  }

  /// Its figures, which change as it works.
  public MonitorStats stats() {
    return stats;
  }

  /// The state of the host and the number of the last event that led to it. Any thread may ask, and
  /// waits while the monitor is at something else; after its end it is the last state.
  public Present present() {
    CompletableFuture<Present> answer = questions.ask();
    inbox.wake();
    Present present = answer.join();
    // On the caller's thread: the monitor has other things to do.
    return new Present(present.seq(), naming.state(present.snapshot()));
  }

  /// The state as of the last turn. Monitor thread, or a test without one.
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
      // The same as being stopped.
    } catch (RuntimeException | Error e) {
      // Before the log is closed, which is what others take for the end.
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

  /// Whatever has failed before: whoever asks for the state must not wait for ever.
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
  /// @return whether there is something to monitor
  boolean begin() {
    // Before a source sees what that makes.
    Optional<BirthIds> ids = earlier.isPresent() ? scanner.birthIds() : Optional.empty();
    open();
    return first(ids);
  }

  /// One turn of the loop: applies what was pushed, then does what is due now. Monitor thread, or a
  /// test without one.
  ///
  /// @param nanos how long to wait for a push if there is none; at most 0 not to wait
  void turn(long nanos) throws InterruptedException {
    inbox.take(nanos).forEach(this::take);
    work(clock.nanoTime());
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
      // The baseline at once: what is appended last stays in memory whole.
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

  /// When the next turn has something to do even if nothing is pushed, by [HostClock#nanoTime()].
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

  /// @param looked who is to be named for what has not the kernel's own time
  private List<NamespaceEvent> events(List<Step> steps, Source looked) {
    List<NamespaceEvent> events = new ArrayList<>();
    for (Step step : steps) {
      events.addAll(diff.step(step, step.exact() ? feed.name() : looked));
    }
    return events;
  }

  private void tell(List<NamespaceEvent> events) {
    paced.append(ready(events));
  }

  private List<NamespaceEvent> ready(List<NamespaceEvent> events) {
    return naming.events(attention.mark(events));
  }

  /// What a comparison or a question has found.
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
