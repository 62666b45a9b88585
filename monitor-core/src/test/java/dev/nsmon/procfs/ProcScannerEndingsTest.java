package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// When a namespace has ended, where the kernel gives no ids: when a complete search finds nothing
/// that holds it.
class ProcScannerEndingsTest extends ProcScannerFixture {
  private static final String KEY = "net:4290000001.1";
  private static final String BLUE =
      "36 35 0:4 net:[4290000001] /run/netns/b\\040lue rw shared:24 - nsfs nsfs rw";
  private static final String ROOT = "22 1 8:1 / / rw - ext4 /dev/sda1 rw";
  // Not the initial one, which may be that of this process: its mounts are the real ones.
  private static final String MNT = "mnt:[4290000006]";

  @Test
  void namespaceEndsWithItsLastMember() throws IOException {
    proc.process(42, LONG_AGO, NET);
    Snapshot first = look();
    Task last = row(first, 42);
    Namespace net = last.namespaces().get(NamespaceType.NET.ordinal());
    proc.exit(42);
    Snapshot look = look();
    assertEquals(List.of(new Ended(net, Evidence.NO_HOLDER, Optional.of(last))), look.ended());
    assertEquals(List.of(), fakes(look));
    assertEquals(List.of(), look().ended());
  }

  @Test
  void inodeThatIsSeenAgainIsNamespaceOfTheNextGeneration() throws IOException {
    proc.process(42, LONG_AGO, NET);
    look();
    proc.exit(42);
    look();
    proc.process(43, LATER, NET);
    Snapshot look = look();
    assertEquals("net:4290000001.2", places(look).get("43"));
    assertEquals(List.of("net:4290000001.2"), fakes(look));
  }

  @Test
  void ageIsKnownOfWhatBeganAfterTheFirstLook() throws IOException {
    proc.process(42, LONG_AGO, NET);
    look();
    proc.process(43, LATER, OTHER_NET);
    List<Optional<?>> created = new ArrayList<>();
    look().namespaces().stream()
        .filter(namespace -> namespace.inode() > FAKE)
        .forEach(namespace -> created.add(namespace.created()));
    assertEquals(List.of(Optional.empty(), Optional.of(NOW)), created);
  }

  @Test
  void mountHoldsNamespaceWithoutMembers() throws IOException {
    proc.process(2, LONG_AGO, MNT);
    proc.process(42, LONG_AGO, NET);
    proc.mounts(2, ROOT, BLUE);
    Snapshot look = look();
    Holder mount = new Holder.Mount("/run/netns/b lue", "mnt:4290000006.1");
    assertEquals(List.of(mount), look.holders().get(KEY));
    proc.exit(42);
    look = look();
    assertEquals(List.of(), look.ended());
    assertEquals(List.of(mount), look.holders().get(KEY));
    proc.mounts(2, ROOT);
    assertEquals(List.of(KEY + " no-holder"), endings(look()));
  }

  @Test
  void namespaceThatNoProcessWasEverInIsFoundByItsMount() throws IOException {
    proc.process(2, LONG_AGO, MNT);
    look();
    proc.mounts(2, ROOT, BLUE);
    Snapshot look = look();
    assertEquals(List.of("mnt:4290000006.1", KEY), fakes(look));
    proc.mounts(2, ROOT);
    Snapshot after = look();
    assertEquals(List.of(KEY + " no-holder"), endings(after));
    assertEquals(Optional.empty(), after.ended().getFirst().lastMember());
  }

  @Test
  void descriptorHoldsNamespace() throws IOException {
    // Beyond all real pids: the scanner's own descriptors hold nothing, whatever its pid is.
    int pid = 5_000_000;
    proc.process(42, LONG_AGO, NET);
    proc.process(pid, LONG_AGO);
    proc.descriptor(pid, 0, "/dev/null");
    proc.descriptor(pid, 3, NET);
    look();
    proc.exit(42);
    Snapshot look = look();
    assertEquals(List.of(), look.ended());
    assertEquals(List.of(new Holder.Descriptor(pid, 3)), look.holders().get(KEY));
    proc.exit(pid);
    assertEquals(List.of(KEY + " no-holder"), endings(look()));
  }

  @Test
  void processHoldsTheNamespaceOfItsFutureChildren() throws IOException {
    proc.process(42, LONG_AGO);
    proc.link(42, "pid_for_children", "pid:[4290000004]");
    Snapshot look = look();
    assertEquals(List.of(new Holder.ForChildren(42)), look.holders().get("pid:4290000004.1"));
    assertEquals(List.of(), look.ended());
    proc.exit(42);
    assertEquals(List.of("pid:4290000004.1 no-holder"), endings(look()));
  }

  @Test
  void nothingEndsWhereTheFirstProcessIsNotListed() throws IOException {
    proc.process(42, LONG_AGO, NET);
    proc.process(43, LONG_AGO);
    look();
    proc.exit(1);
    proc.exit(42);
    assertEquals(List.of(), look().ended());
    assertEquals(List.of(KEY), fakes(look()));
    proc.process(1, LONG_AGO);
    assertEquals(List.of(KEY + " no-holder"), endings(look()));
  }

  @Test
  void nothingEndsThatUnreadableProcessWhichIsYoungerMayBeIn() throws IOException {
    proc.process(44, LONG_AGO, NET);
    look();
    proc.process(43, LATER);
    obscure(43);
    look();
    proc.exit(44);
    assertEquals(List.of(), look().ended());
  }

  @Test
  void unreadableProcessThatIsOlderKeepsNothing() throws IOException {
    proc.process(43, LONG_AGO);
    obscure(43);
    proc.process(44, LONG_AGO, NET);
    look();
    proc.exit(44);
    assertEquals(List.of(KEY + " no-holder"), endings(look()));
  }

  @Test
  void namespaceThatIsLeftAloneIsSearchedForWithoutWaitingForTheNextRound() throws IOException {
    settings = settings.withSearchEvery(Duration.ofDays(1));
    proc.process(42, LONG_AGO, NET);
    look();
    proc.exit(42);
    assertEquals(List.of(KEY + " no-holder"), endings(look()));
  }

  @Test
  void nothingEndsBeforeTheSearchThatTakesAtMostTenthOfTheTime() throws IOException {
    settings = settings.withSearchEvery(Duration.ofDays(1));
    proc.process(42, LONG_AGO, NET);
    Duration search = Duration.ofSeconds(1);
    AtomicBoolean isSlow = new AtomicBoolean(true);
    hostClock = new SlowClock(search, isSlow);
    look();
    isSlow.set(false);
    proc.exit(42);
    // One second of the ten is over: the look itself asks once more, at its end.
    clock.advance(search.multipliedBy(9).minusNanos(1));
    assertEquals(List.of(), look().ended());
    clock.advance(Duration.ofNanos(1));
    assertEquals(List.of(KEY + " no-holder"), endings(look()));
  }

  @Test
  void whatOneMemberLeavesAnotherStillHolds() throws IOException {
    proc.process(42, LONG_AGO, NET);
    proc.process(43, LONG_AGO, NET);
    Snapshot before = look();
    proc.exit(42);
    Snapshot after = look();
    assertEquals(List.of(), after.ended());
    assertSame(before.namespaces(), after.namespaces());
  }

  /// Time passes by being asked for, while it is slow: a search, which asks at its beginning and at
  /// its end, takes that long.
  private final class SlowClock implements HostClock {
    private final Duration step;
    private final AtomicBoolean isSlow;

    SlowClock(Duration step, AtomicBoolean isSlow) {
      this.step = step;
      this.isSlow = isSlow;
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public long nanoTime() {
      if (isSlow.get()) {
        clock.advance(step);
      }
      return clock.nanoTime();
    }
  }
}
