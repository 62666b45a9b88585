package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A scanner over a [FakeProc], which must leave as many descriptors open as it found.
abstract class ProcScannerFixture {
  /// Inodes that the kernel will not have handed out: a search of mounts looks at the real ones of
  /// this process too.
  static final long FAKE = 4_290_000_000L;

  static final String NET = "net:[4290000001]";
  static final String OTHER_NET = "net:[4290000002]";
  static final String UTS = "uts:[4290000003]";

  /// Before any look of the test began, and after all of them.
  static final long LONG_AGO = 100;

  static final long LATER = 1L << 50;

  static final Instant NOW = TestClock.BEGIN;

  @TempDir Path directory;
  final TestClock clock = new TestClock();
  HostClock hostClock = clock;
  FakeProc proc;
  ScanSettings settings;
  ProcScanner scanner;
  private long open;
  private final List<Path> refused = new ArrayList<>();

  @BeforeEach
  void aHostWithItsFirstProcess() {
    proc = new FakeProc(directory);
    settings =
        ScanSettings.DEFAULT
            .withMountPoint(proc.mountPoint())
            .withKernelIds(false)
            .withSkipIdle(false)
            .withSearchEvery(Duration.ZERO);
    proc.process(1, LONG_AGO);
  }

  Snapshot look() throws IOException {
    if (scanner == null) {
      open = openDescriptors();
      scanner = new ProcScanner(settings, hostClock);
    }
    return scanner.look();
  }

  @AfterEach
  void everyDescriptorIsClosed() throws IOException {
    // JUnit warns of links that lead out of its directory.
    for (Path link : refused) {
      Files.delete(link);
    }
    if (scanner != null) {
      scanner.close();
      assertEquals(open, openDescriptors(), "open descriptors");
    }
  }

  private static long openDescriptors() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }

  /// The namespaces that are not initial, of all tasks by pid, or `pid/tid`.
  static Map<String, String> places(Snapshot look) {
    Map<String, String> places = new TreeMap<>();
    for (Task task : look.tasks()) {
      List<String> in = new ArrayList<>();
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (task.namespaces().knows(link) && !task.namespaces().get(link).initial()) {
          in.add(task.namespaces().get(link).key());
        }
      }
      places.put(task.pid() + (task.tid() == 0 ? "" : "/" + task.tid()), String.join(" ", in));
    }
    return places;
  }

  /// Keys of the namespaces that were faked.
  static List<String> fakes(Snapshot look) {
    return look.namespaces().stream()
        .filter(namespace -> namespace.inode() > FAKE)
        .map(Namespace::key)
        .toList();
  }

  static List<String> endings(Snapshot look) {
    return look.ended().stream().map(end -> end.namespace().key() + " " + end.evidence()).toList();
  }

  static Task row(Snapshot look, int pid) {
    return look.tasks().stream()
        .filter(task -> task.pid() == pid && task.tid() == 0)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row of " + pid));
  }

  /// The links of the process can't be read, though they are there: no file is a link.
  void obscure(int pid) {
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      proc.fileInstead(pid, "ns/" + NamespaceLink.at(link).fileName());
    }
  }

  /// The kernel refuses the links of the process. Root is refused nothing by a mode, and even so by
  /// a security module where process 1 is concerned.
  void refuse(int pid) throws IOException {
    Path ns = proc.directory(pid, "ns");
    proc.linkInstead(ns, "/proc/1/ns");
    refused.add(ns);
    assumeTrue(isRefused(ns.resolve("net")), "nothing is refused to this user here");
  }

  private static boolean isRefused(Path link) throws IOException {
    try {
      Files.readSymbolicLink(link);
      return false;
    } catch (AccessDeniedException e) {
      return true;
    }
  }
}
