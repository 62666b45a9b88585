package dev.nsmon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.ScanSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A holder is found although it is at rest and shares what it holds by with one that was found
/// first and has let go; with the kernel's ids and without.
@ExtendWith(Live.class)
class RestingHoldersIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInheritedSocketHoldsWhenTheFirstHasClosedIt(boolean kernelIds) {
    try (NsHelper parent = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = begin(kernelIds)) {
      List<Long> answer = parent.ask("socket-then-leave");
      int fd = answer.getFirst().intValue();
      Ns made = new Ns(NamespaceType.NET, answer.get(1), answer.get(2));
      int heir = parent.ask("clone-with-fds", "-").getFirst().intValue();
      watch.untilKnown(made);
      watch.look();
      parent.ask("close", fd);
      holds(watch, probe, made, new Holder.Socket(heir, fd));
      parent.kill(heir);
      watch.untilEnded(made);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSocketHeldOutsideHoldsWhenTheMemberThatHadItTooHasLeft(boolean kernelIds) {
    try (NsHelper member = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = begin(kernelIds)) {
      member.unshare("net");
      Ns made = probe.id(member.pid(), "net");
      int fd = member.ask("socket").getFirst().intValue();
      int outsider = member.ask("clone-with-fds", "net").getFirst().intValue();
      watch.untilIn(member.pid(), made);
      watch.look();
      member.ask("close", fd);
      member.ask("setns", probe.pid(), "net");
      holds(watch, probe, made, new Holder.Socket(outsider, fd));
      member.kill(outsider);
      watch.untilEnded(made);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMountHoldsAlthoughTheFirstProcessThereIsAZombie(boolean kernelIds) {
    try (NsHelper helper = NsHelper.start();
        NsHelper probe = NsHelper.start()) {
      int first = helper.clone("mnt");
      try (NsHelper guest = NsHelper.start();
          Watch watch = begin(kernelIds)) {
        guest.ask("setns", first, "mnt");
        guest.ask("private-mounts");
        int founder = helper.clone("uts");
        Ns made = helper.id(founder, "uts");
        Ns mounts = helper.id(first, "mnt");
        watch.untilIn(guest.pid(), mounts);
        Path path = directory.resolve("uts");
        guest.ask("bind", founder, "uts", path);
        helper.kill(founder);
        String in = watch.find(mounts).orElseThrow().key();
        holds(watch, probe, made, new Holder.Mount(path.toString(), in));
        helper.ask("zombie", first);
        holds(watch, probe, made, new Holder.Mount(path.toString(), in));
        guest.ask("unbind", path);
        watch.untilEnded(made);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDescriptorHoldsAlthoughTheMainThreadHasExited(boolean kernelIds) {
    try (NsHelper keeper = NsHelper.start();
        NsHelper helper = NsHelper.start();
        Watch watch = begin(kernelIds)) {
      int founder = helper.clone("uts");
      Ns made = helper.id(founder, "uts");
      watch.untilKnown(made);
      int fd = keeper.ask("open-ns", founder, "uts").getFirst().intValue();
      keeper.ask("exit-leader");
      helper.kill(founder);
      holds(watch, helper, made, new Holder.Descriptor(keeper.pid(), fd));
      keeper.ask("close", fd);
      watch.untilEnded(made);
    }
  }

  private static Watch begin(boolean kernelIds) {
    return Watch.begin(
        ScanSettings.DEFAULT.withKernelIds(kernelIds).withSearchEvery(Duration.ZERO));
  }

  /// It lives look after look, and in the end by this alone. A process that is on its CPU has yet
  /// to be charged for the time, so that a look may still show what it has just closed.
  private static void holds(Watch watch, NsHelper probe, Ns made, Holder holder) {
    for (int i = 0; i < 5; i++) {
      watch.look();
      assertTrue(probe.isAlive(made));
      assertEquals(List.of(), watch.told(Destroyed.class, made), "it lives");
    }
    watch.untilHeldBy(made, holder);
    assertEquals(List.of(), watch.told(Destroyed.class, made), "it lives");
  }
}
