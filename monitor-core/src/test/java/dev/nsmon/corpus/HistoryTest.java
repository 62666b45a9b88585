package dev.nsmon.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/// Random histories: whatever happens on the host, and whenever its records are delivered or lost,
/// scans are made and the product is stopped and begun again, at rest the events add up to what
/// there is. A failure names its seed and what was done.
///
/// Left out is what [KnownWrongTest] lists, as far as it is still wrong at rest.
class HistoryTest extends Scenario {
  private static final int STEPS = 80;
  private static final int MOST_PROCESSES = 12;

  private final List<String> done = new ArrayList<>();
  private final Set<Integer> zombies = new TreeSet<>();
  private Random random;
  private int nextPid = 100;
  private int nextFd = 10;

  @RepeatedTest(40)
  void eventsAddUpToWhatThereIs(RepetitionInfo repetition) throws IOException {
    long seed = repetition.getCurrentRepetition();
    random = new Random(seed);
    // Without ids, nothing tells two apart that had one inode.
    host.usesLowestInode = kind.hasIds();
    childrenEndFirst = false;
    try {
      for (int i = 0; i < 10; i++) {
        happen();
      }
      begin();
      for (int i = 0; i < STEPS; i++) {
        if (random.nextInt(4) > 0) {
          happen();
        } else {
          observe();
        }
      }
      List.copyOf(zombies).forEach(this::reap);
      rest();
      rest();
      isTrue();
      assertEquals(
          Set.of(), told().stream().filter(line -> line.contains("?")).collect(Collectors.toSet()));
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + " on " + kind + ":\n" + String.join("\n", done), e);
    }
  }

  private void say(Object... words) {
    done.add(String.join(" ", Arrays.stream(words).map(Object::toString).toList()));
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /// A process that runs, other than those of the beginning if there is any.
  private int anyone() {
    List<Integer> running =
        host.processes.values().stream()
            .filter(process -> process.pid > host.self && !process.hasExited())
            .map(process -> process.pid)
            .toList();
    return running.isEmpty() ? 1 : pick(running);
  }

  private NamespaceType[] types() {
    Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
    for (int i = random.nextInt(3); i > 0; i--) {
      NamespaceType type = pick(List.of(NamespaceType.values()));
      if (type != NamespaceType.TIME) {
        types.add(type);
      }
    }
    return types.toArray(NamespaceType[]::new);
  }

  private void happen() {
    int pid = random.nextInt(5) == 0 ? 1 : anyone();
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> fork(pid);
      case 3, 4 -> unshare(pid);
      case 5 -> setns(pid);
      case 6, 7 -> exit(anyone());
      case 8 -> {
        say("exec", pid);
        host.exec(pid, "exec");
      }
      case 9 -> hold(pid);
      case 10 -> thread(anyone());
      default -> letGo();
    }
  }

  private void fork(int parent) {
    Ns into = host.proc(parent).main.links[NamespaceLink.PID_FOR_CHILDREN.ordinal()];
    if (host.processes.size() < MOST_PROCESSES && host.hasItsFirst(into)) {
      NamespaceType[] types = types();
      say("fork", parent, nextPid, List.of(types));
      host.fork(parent, nextPid++, types);
    }
  }

  private void unshare(int pid) {
    NamespaceType[] types = types();
    // A thread keeps what its process made for its children before.
    boolean known =
        host.proc(pid).threads.size() == 1 || !List.of(types).contains(NamespaceType.PID);
    if (pid != 1 && known) {
      say("unshare", pid, List.of(types));
      host.unshare(pid, types);
    }
  }

  private void setns(int pid) {
    Ns to = pick(host.namespaces.stream().filter(ns -> !ns.dead).toList());
    boolean moves = to.type != NamespaceType.PID && to.type != NamespaceType.TIME;
    if (pid != 1 && moves) {
      say("setns", pid, to.name);
      host.setns(pid, to.name);
    }
  }

  private void exit(int pid) {
    if (pid != 1) {
      boolean zombie = random.nextInt(4) == 0;
      say(zombie ? "zombie" : "exit", pid);
      if (zombie) {
        host.zombie(pid);
        zombies.add(pid);
      } else {
        host.exit(pid);
      }
    }
  }

  private void reap(int pid) {
    zombies.remove(pid);
    say("reap", pid);
    if (host.processes.containsKey(pid)) {
      host.reap(pid);
    }
  }

  private void hold(int pid) {
    String ns = pick(host.namespaces.stream().filter(one -> !one.dead).toList()).name;
    if (random.nextBoolean()) {
      say("open", pid, nextFd, ns);
      host.open(pid, nextFd++, ns);
    } else {
      int mounter = kind.hasIds() ? pid : 1;
      say("mount", mounter, ns);
      host.mount(mounter, "/m" + nextFd++, ns);
    }
  }

  private void letGo() {
    if (!zombies.isEmpty()) {
      reap(zombies.iterator().next());
    } else if (!host.mounts.isEmpty()) {
      Host.Mount mount = pick(host.mounts);
      say("unmount", mount.path());
      host.mounts.remove(mount);
      host.ownMountsChanged = true;
      host.reap();
    }
  }

  private void thread(int pid) {
    if (pid != 1) {
      say("thread", pid, nextPid);
      host.thread(pid, nextPid);
      if (random.nextBoolean()) {
        NamespaceType[] types = {pick(List.of(NamespaceType.UTS, NamespaceType.NET))};
        say("unshare", nextPid, types[0]);
        host.unshareThread(pid, nextPid, types);
        host.exitThread(pid, nextPid);
      }
      nextPid++;
    }
  }

  /// Delivers, and ends what has no id: it would be taken for what has its inode after a loss, see
  /// [KnownWrongTest].
  private void deliverAll() throws IOException {
    deliver();
    for (int level = 0; level < 5 && kind.hasIds() && subject.needsSearch(); level++) {
      search();
    }
  }

  private void observe() throws IOException {
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> {
        say("- deliver");
        deliverAll();
      }
      case 3 -> {
        say("- settle");
        deliverAll();
        settle();
      }
      case 4 -> {
        say("- scan");
        if (kind.hasIds()) {
          deliverAll(); // Records of those that are gone at the scan, see KnownWrongTest.
        }
        scan();
      }
      case 5 -> {
        say("- lose and scan");
        lose();
        scan();
      }
      case 6 -> {
        say("- compare and search");
        deliverAll();
        compare();
        search();
      }
      case 7 -> {
        say("- time passes");
        advance(Duration.ofSeconds(random.nextInt(40)));
      }
      default -> {
        say("- stop and begin again");
        List.copyOf(zombies).forEach(this::reap);
        lose();
        Snapshot last = stop();
        resume(last, generation);
      }
    }
  }
}
