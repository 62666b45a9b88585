package dev.nsmon.corpus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.libc.Libc;
import dev.nsmon.live.Live;
import dev.nsmon.live.NsHelper;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The simulated kernel answers as the real one does: the same story is played on both, and all
/// that can be asked is asked at the same moments.
@ExtendWith(Live.class)
class FakeKernelIT {

  /// A host on which the story can be played.
  private interface Stage {
    /// The process that makes all others.
    int helper();

    int clone(String types);

    void zombie(int pid);

    void reap(int pid);

    int openNs(int pid, String type);

    /// A socket of the helper in a network namespace that nothing else is in.
    int socketElsewhere();

    void close(int fd);

    /// Waits until that is so: the kernel frees some only when its readers are done.
    void settle(Callable<Boolean> condition);
  }

  private static void play(Stage stage, Answers answers) {
    answers.call(stage.helper(), "HELPER");
    answers.when("at the beginning");
    answers.links(stage.helper());
    answers.files(stage.helper());
    answers.others(stage.helper());
    answers.strangeHandle();

    answers.when("a child in new namespaces of all types");
    int child = stage.clone("user,pid,net,uts,ipc,mnt,cgroup");
    answers.call(child, "CHILD");
    answers.links(child);
    answers.files(child);

    answers.when("a descriptor of its network namespace");
    int fd = stage.openNs(child, "net");
    answers.descriptor(stage.helper(), fd);

    answers.when("it waits for its parent");
    int directory = answers.directory(child);
    stage.zombie(child);
    stage.settle(() -> answers.areStale("uts", "ipc", "mnt", "cgroup"));
    answers.links(child);
    answers.files(child);
    handles(answers);

    answers.when("it is reaped");
    stage.reap(child);
    answers.throughDirectory(directory);
    handles(answers); // Who has a directory of the process open holds its pid namespace.
    answers.close(directory);
    stage.settle(() -> answers.areStale("pid"));
    answers.links(child);
    answers.files(child);
    handles(answers);
    answers.descriptor(stage.helper(), fd);

    answers.when("the descriptor is closed");
    stage.close(fd);
    stage.settle(() -> answers.areStale("net", "user"));
    handles(answers);
    answers.descriptor(stage.helper(), fd);

    answers.forgetNumbers();
    answers.when("a socket in a namespace that nobody is in");
    int socket = stage.socketElsewhere();
    answers.socket(stage.helper(), socket);
    answers.handle("of socket");
    stage.close(socket);
    stage.settle(() -> answers.areStale("of socket"));
    answers.handle("of socket");
  }

  private static void handles(Answers answers) {
    Stream.of("user", "pid", "net", "uts", "ipc", "mnt", "cgroup").forEach(answers::handle);
  }

  @Test
  void sameStoryHasTheSameAnswers() {
    Answers real = new Answers(new Libc());
    try (NsHelper helper = NsHelper.start()) {
      play(new Real(helper), real);
    }
    Host host = new Host(kind(), new TestClock());
    Answers simulated = new Answers(new SimulatedKernel(host));
    play(new Simulated(host), simulated);
    assertEquals(String.join("\n", real.lines()), String.join("\n", simulated.lines()));
  }

  /// Which of the kernels this one is like.
  private static KernelKind kind() {
    String[] release = System.getProperty("os.version").split("[.-]", -1);
    int version = Integer.parseInt(release[0]) * 100 + Integer.parseInt(release[1]);
    return version < 618
        ? KernelKind.NO_IDS
        : version < 619 ? KernelKind.IDS : KernelKind.ACTIVE_IDS;
  }

  private record Real(NsHelper with) implements Stage {
    @Override
    public int helper() {
      return with.pid();
    }

    @Override
    public int clone(String types) {
      return with.clone(types);
    }

    @Override
    public void zombie(int pid) {
      with.ask("zombie", pid);
    }

    @Override
    public void reap(int pid) {
      with.ask("reap", pid);
    }

    @Override
    public int openNs(int pid, String type) {
      return with.ask("open-ns", pid, type).getFirst().intValue();
    }

    @Override
    public int socketElsewhere() {
      return with.ask("socket-then-leave").getFirst().intValue();
    }

    @Override
    public void close(int fd) {
      with.ask("close", fd);
    }

    @Override
    public void settle(Callable<Boolean> condition) {
      await().atMost(Duration.ofSeconds(20)).pollInSameThread().until(condition);
    }
  }

  private record Simulated(Host host) implements Stage {
    Simulated {
      host.fork(1, 40);
    }

    @Override
    public int helper() {
      return 40;
    }

    @Override
    public int clone(String types) {
      host.fork(
          40,
          41,
          Stream.of(types.split(",", -1))
              .map(type -> NamespaceType.byKernelName(type).orElseThrow())
              .toArray(NamespaceType[]::new));
      return 41;
    }

    @Override
    public void zombie(int pid) {
      host.zombie(pid);
    }

    @Override
    public void reap(int pid) {
      host.reap(pid);
    }

    @Override
    public int openNs(int pid, String type) {
      NamespaceType of = NamespaceType.byKernelName(type).orElseThrow();
      host.open(40, 5, host.proc(pid).main.links[of.ordinal()].name);
      return 5;
    }

    @Override
    public int socketElsewhere() {
      host.unshare(40, NamespaceType.NET);
      host.socket(40, 6);
      host.setns(40, "net:init");
      return 6;
    }

    @Override
    public void close(int fd) {
      host.close(40, fd);
    }

    @Override
    public void settle(Callable<Boolean> condition) {
      host.reap();
    }
  }
}
