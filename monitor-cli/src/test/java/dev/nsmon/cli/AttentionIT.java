package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Who leaves a container is marked, and who does its daily work is not.
@ResourceLock("containers")
final class AttentionIT {
  private static final OciRuntime RUNC = new OciRuntime("runc");

  /// A process of the host; not every machine lets its first one be entered.
  private static final String HOST = "" + ProcessHandle.current().pid();

  @TempDir private Path directory;
  private Bundle bundle;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("runc");
    Needs.tool("nsenter");
    Needs.tool("unshare");
  }

  @BeforeEach
  void start() throws IOException {
    bundle = Bundle.make(directory, true);
    RUNC.start(bundle);
  }

  @AfterEach
  void end() {
    RUNC.delete(bundle);
  }

  private static Child watch(String... options) {
    List<String> all = new ArrayList<>(List.of("-o", "json"));
    all.addAll(List.of(options));
    Child watch = Nsmon.watch(all.toArray(String[]::new));
    watch.awaitLine(line -> line.contains("\"synced\""));
    return watch;
  }

  /// All reasons told so far.
  private static Set<String> reasons(Child watch) {
    Set<String> reasons = new TreeSet<>();
    for (JsonNode one : Nsmon.json(watch.lines())) {
      StreamSupport.stream(one.path("attention").spliterator(), false)
          .forEach(reason -> reasons.add(reason.asText()));
    }
    return reasons;
  }

  @Test
  void theWayFromAContainerIntoTheHostIsMarked() {
    try (Child watch = watch("--attention")) {
      RUNC.run(
          "exec", bundle.id(), "/bin/nsenter", "-t", HOST, "-u", "-i", "-n", "-m", "/bin/true");
      watch.awaitLine(line -> line.contains("joined-host-mnt-namespace"));
      assertEquals(
          List.of(
              "joined-host-ipc-namespace",
              "joined-host-mnt-namespace",
              "joined-host-net-namespace",
              "joined-host-uts-namespace"),
          List.copyOf(reasons(watch)));
      for (JsonNode one : Nsmon.json(watch.lines())) {
        if (!one.get("kind").asText().equals("synced")) {
          assertEquals("T1611", one.at("/attack/0").asText(), one::toString);
          assertEquals("setns", one.at("/process/cause").asText(), one::toString);
        }
      }
    }
  }

  @Test
  void theWayIntoAnotherContainerIsMarked() throws IOException {
    Bundle other = Bundle.make(directory, false);
    RUNC.start(other);
    try (Child watch = watch("--attention")) {
      String pid = "" + RUNC.pid(other);
      // It lives long enough to be asked for its cgroup.
      RUNC.run("exec", bundle.id(), "/bin/nsenter", "-t", pid, "-m", "/bin/sleep", "1");
      String line = watch.awaitLine(one -> one.contains("joined-other-container-mnt-namespace"));
      assertTrue(!line.contains("T1611"), line);
      assertTrue(line.contains(bundle.id()), line);
    } finally {
      RUNC.delete(other);
    }
  }

  @Test
  void aContainerOfNoRuntimeIsOneByItsPidNamespace() {
    try (Child watch = watch("--attention");
        Child child =
            Child.start(
                "unshare",
                "-m",
                "-p",
                "-f",
                "nsenter",
                "--mount=/proc/" + HOST + "/ns/mnt",
                "sleep",
                "1")) {
      watch.awaitLine(line -> line.contains("joined-host-mnt-namespace"));
      child.result().endedWith(0);
    }
  }

  @Test
  void dailyWorkIsNotMarked() {
    try (Child watch = watch()) {
      // A container's start, a way into it, and its end.
      RUNC.run("exec", bundle.id(), "/bin/true").endedWith(0);
      RUNC.delete(bundle);
      // A daemon of the host that visits a network namespace and comes back.
      String home = "nsenter --net=/proc/" + HOST + "/ns/net sleep 0.1";
      try (Child visit = Child.start("unshare", "-n", "sh", "-c", "exec " + home)) {
        visit.result().endedWith(0);
        watch.awaitLine(
            line -> line.contains("\"setns\"") && line.contains("\"pid\":" + visit.pid() + ","));
      }
      assertEquals(List.of(), List.copyOf(reasons(watch)));
    }
  }

  @Test
  void aProgramNamedAsKnownGoodIsNotMarked() {
    // Its program is known by what /proc has, which is read while it runs: it runs until that is
    // seen.
    String visit = "read go; exec nsenter -t " + HOST + " -u /bin/busybox sleep 300";
    try (Child watch = watch("--known-good", "/bin/busybox");
        Child sh = Child.start(RUNC.command("exec", bundle.id(), "/bin/sh", "-c", visit))) {
      watch.awaitLine(line -> line.contains(bundle.id()) && line.contains("process-joined"));
      sh.type("go");
      watch.awaitLine(line -> line.contains("\"uts\"") && line.contains("\"from\""));
      assertEquals(List.of(), List.copyOf(reasons(watch)));
    }
  }

  @Test
  void aRelativeProgramIsRefused() {
    Result result = Nsmon.run("watch", "--known-good", "runc").endedWith(2);
    assertTrue(result.err().contains("'runc' is no absolute path"), result::err);
  }
}
