package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.deploy.ShortRules;
import dev.nsmon.kafka.Broker;
import dev.nsmon.testing.ReservedPort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Each alert of `deploy/prometheus` fires in a real Prometheus that scrapes a monitor with the
/// fault that it is about, no other alert does, and none where a supported configuration works.
///
/// The rules are those that are shipped, with shorter times ([ShortRules]). All monitors are at
/// this host, so that what happens on it is seen by all of a scene.
///
/// It takes four minutes, and a machine on which scrapes come in time: so it is run by hand, with
/// `-Pfull -Dit.test=AlertsTrial`.
@Tag("full")
@Isolated("what other tests do to this host would cause alerts")
final class AlertsTrial {
  private static final String TOKEN = "the-token-of-a-test";

  /// Namespaces of three types that come and go all the time.
  private static final String LOAD =
      "while :; do unshare -u true; unshare -n true; unshare -pf true; sleep 0.05; done";

  /// The same, as fast as they can be made.
  private static final String HEAVY_LOAD =
      "while :; do unshare -u true; unshare -n true; unshare -pf true; done";

  /// Turns off the perf events of a process, as the kernel would that stopped recording: says how
  /// many. There are no words in Java for `pidfd_getfd(2)`.
  private static final String MUTE =
      """
      import ctypes, fcntl, os, sys
      pid, muted = int(sys.argv[1]), 0
      call = ctypes.CDLL(None, use_errno=True).syscall
      pidfd = call(434, pid, 0)
      for fd in os.listdir(f'/proc/{pid}/fd'):
          if os.readlink(f'/proc/{pid}/fd/{fd}') == 'anon_inode:[perf_event]':
              PERF_EVENT_IOC_DISABLE = 0x2401
              fcntl.ioctl(call(438, pidfd, int(fd), 0), PERF_EVENT_IOC_DISABLE, 0)
              muted += 1
      print(muted)
      """;

  /// Seconds for an answer where nothing is to happen: a machine that is busy with other things is
  /// no fault.
  private static final int PATIENT = 3;

  @TempDir private static Path directory;

  /// Null before one is needed.
  private static Broker broker;

  private static Prometheus prometheus;

  @BeforeAll
  static void start() throws IOException {
    Needs.root();
    for (String tool : List.of("prometheus", "unshare", "setpriv", "curl", "openssl", "python3")) {
      Needs.tool(tool);
    }
    Served.secret(directory.resolve("token"), TOKEN);
    Nsmon.shell(
            """
            cd %s && openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
              -days 2 -subj /CN=nsmon-test -addext subjectAltName=IP:127.0.0.1 2>&1
            """
                .formatted(directory))
        .endedWith(0);
    prometheus = Prometheus.start(directory, ShortRules.text());
  }

  @AfterAll
  static void end() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private static List<String> serving(String... options) {
    List<String> all = new ArrayList<>(List.of("serve", "--listen=127.0.0.1:0"));
    all.addAll(List.of(options));
    return all;
  }

  private static Child serve(String... options) {
    return Nsmon.start(serving(options).toArray(String[]::new));
  }

  /// Runs it by a shell, which has its command as `"$@"`.
  private static Child within(String script, String... options) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh", Nsmon.program()));
    command.addAll(serving(options));
    return Child.start(Nsmon.command(command.toArray(String[]::new)));
  }

  private static Child granted(String capabilities, String... options) throws IOException {
    return Granted.with(directory, capabilities.split(" ", -1))
        .start(serving(options).toArray(String[]::new));
  }

  private static String file(String name) {
    return directory.resolve(name).toString();
  }

  private static Broker broker() {
    if (broker == null) {
      broker = Broker.start();
    }
    return broker;
  }

  private static String[] topics(String prefix) {
    String[] topics = {
      "--kafka=" + broker().address(),
      "--kafka-topic=" + prefix + ".events",
      "--kafka-state-topic=" + prefix + ".state"
    };
    List<String> command = new ArrayList<>(List.of("kafka", "create-topics"));
    command.addAll(List.of(topics));
    Nsmon.run(command.toArray(String[]::new)).endedWith(0);
    return topics;
  }

  private static String[] with(String[] options, String... more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /// Shows a wrong token that often.
  private static void guess(URI place, int times) {
    String once = "curl -s -o /dev/null -H 'Authorization: Bearer no' " + place + "/metrics";
    Nsmon.shell("for i in $(seq " + times + "); do " + once + "; done").endedWith(0);
  }

  @Test
  void allRulesAreJudgedAndNowhereFiresWhereNoMonitorIsKnown() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> prometheus.firing("").equals(Set.of("NsmonNowhere")));
    List<String> judged = new ArrayList<>();
    for (JsonNode rule : prometheus.api("rules").at("/groups/0/rules")) {
      assertEquals("ok", rule.get("health").asText(), rule::toString);
      judged.add(rule.get("name").asText());
    }
    assertEquals(15, judged.size(), judged::toString);
  }

  @Test
  void noneFiresWithAnySourceThatWorks() throws IOException {
    try (AlertScene scene = new AlertScene(prometheus, PATIENT);
        Child _ = Child.start("sh", "-c", LOAD)) {
      scene.add("poll", serve("--journal=none", "--source=poll"));
      scene.add("auto", serve("--journal=" + file("auto.db"), "--source=auto"));
      scene.add("initial", serve("--journal=none", "--include-initial", "--threads"));
      scene.place("auto");
      scene.add("proc-connector", serve("--journal=none", "--source=proc-connector"));
      scene.add(
          "granted", granted("CAP_SYS_PTRACE CAP_PERFMON", "--journal=none", "--source=perf"));
      scene.scrape();
      scene.awaitNoOthers(25);
    }
  }

  @Test
  void noneFiresWhereSinksTakeAllAndClientsAreLetIn() {
    try (Receiver receiver = Receiver.reading(4 << 20);
        AlertScene scene = new AlertScene(prometheus, PATIENT);
        Child _ = Child.start("sh", "-c", LOAD)) {
      String[] kept = topics("kept");
      String[] memory = topics("memory");
      scene.add(
          "sinks",
          serve(
              "--journal=" + file("sinks.db"),
              "--file=" + file("events.json"),
              "--syslog=" + receiver.place()));
      scene.add("kept", serve(with(kept, "--journal=" + file("kept.db"))));
      scene.add("memory", serve(with(memory, "--journal=none")));
      scene.place("memory");
      scene.addWithToken(
          "tls",
          serve(
              "--journal=none",
              "--token-file=" + file("token"),
              "--tls-cert=" + file("cert.pem"),
              "--tls-key=" + file("key.pem")));
      scene.addWithToken("typo", serve("--journal=none", "--token-file=" + file("token")));
      scene.scrape();
      guess(scene.place("typo"), 5);
      scene.awaitNoOthers(25);
    }
  }

  @Test
  void aFaultCausesItsAlertAndNoOther() throws IOException {
    try (ReservedPort nobody = ReservedPort.open();
        AlertScene scene = new AlertScene(prometheus, 1)) {
      String away = "127.0.0.1:" + nobody.number();
      Child gone = scene.add("gone", serve("--journal=none"), "NsmonGone");
      scene.add("syslog", serve("--journal=none", "--syslog=tcp://" + away), "NsmonSinkDown");
      scene.add("broker", serve("--journal=none", "--kafka=" + away), "NsmonSinkDown");
      scene.place("gone");
      Files.createDirectory(directory.resolve("full"));
      scene.add(
          "disk",
          within(
              """
              full=%s
              exec unshare -m sh -c "mount -t tmpfs -o size=4m none $full
                head -c 4m /dev/zero > $full/ballast; exec \\"\\$@\\"" sh "$@"
              """
                  .formatted(file("full")),
              "--journal=" + file("full/journal.db")),
          "NsmonJournalDown");
      scene.add(
          "blind",
          granted("CAP_SETPCAP", "--journal=none", "--source=poll"),
          "NsmonUnreadableProcesses");
      Child muted = scene.add("muted", serve("--journal=none", "--source=perf"), "NsmonEventsLost");
      scene.place("disk");
      scene.addWithToken(
          "guessed",
          serve("--journal=none", "--token-file=" + file("token")),
          "NsmonTokensRefused");
      String[] listen = {"--listen=127.0.0.1:0", "--journal=none"};
      Injector failing = Injector.serve(Map.of(), with(listen, "--file=" + file("failing.json")));
      scene.add("failing", failing.child(), "NsmonComponentFails");
      Injector stuck =
          Injector.serve(Map.of(), with(listen, "--interval=100ms", "--reconcile=100ms"));
      scene.addPatiently("stuck", stuck.child(), "NsmonLooksTooOld");
      Injector missing =
          Injector.serve(Map.of(), with(listen, "--source=perf", "--reconcile=200ms"));
      scene.add("missing", missing.child(), "NsmonReconcileMisses");
      scene.scrape();

      gone.signal("KILL");
      stuck.suspend("monitor");
      guess(scene.place("guessed"), 30);
      for (Child perf : List.of(muted, missing.child())) {
        assumeTrue(perf.err().contains("source: perf"), () -> "not granted here: " + perf.err());
      }
      Result events = Child.start("python3", "-c", MUTE, "" + muted.pid()).result().endedWith(0);
      assumeTrue(!events.out().equals("0\n"), "no perf event was found to be turned off");
      // It is there long enough for a comparison to find it.
      AtomicReference<Child> found = new AtomicReference<>();
      missing.skip(
          "perf",
          "dev.nsmon.perf.Sieve",
          "namespaces",
          () -> found.set(Child.start("unshare", "-u", "sleep", "300")),
          () -> missing.child().err().contains("perf has missed "));
      found.get().close();
      try (Child _ = Child.start("sh", "-c", LOAD)) {
        failing.fail("pump-file.*", "dev.nsmon.sink.FileSink", "write", ArithmeticException.class);
        scene.awaitAlerts();
      }
      scene.awaitNoOthers(25);
    }
  }

  @Test
  void aFaultThatTakesALoadCausesItsAlertAndNoOther() throws IOException {
    String[] narrow = topics("narrow");
    broker().deleteTopic("narrow.events");
    broker().createTopic("narrow.events", 1, Map.of("max.message.bytes", "700"));
    try (AlertScene scene = new AlertScene(prometheus, 1)) {
      scene.add(
          "narrow",
          serve(with(narrow, "--journal=none", "-K", "compression.type=none")),
          "NsmonSinkLostEvents");
      scene.add(
          "unprivileged",
          granted("CAP_SYS_PTRACE", "--journal=none", "--source=perf"),
          "NsmonSourceDown");
      // Perf's clock is not that of a time namespace. Unlike the one before, it may count births.
      scene.add(
          "refused",
          within("exec unshare -T -f \"$@\"", "--journal=none", "--source=perf"),
          "NsmonSourceDown",
          "NsmonPollTooSlow");
      scene.scrape();
      try (Child _ = Child.start("sh", "-c", LOAD)) {
        scene.awaitAlerts();
      }
      scene.awaitNoOthers(20);
    }
  }

  @Test
  void aSinkThatFallsBehindCausesItsAlertAndNoOther() {
    try (Receiver slow = Receiver.reading(12 << 10);
        AlertScene scene = new AlertScene(prometheus, PATIENT)) {
      scene.add(
          "slow",
          serve("--journal=" + file("slow.db"), "--syslog=" + slow.place()),
          "NsmonSinkLagGrowing");
      scene.scrape();
      try (Child _ = Child.start("sh", "-c", HEAVY_LOAD)) {
        scene.awaitAlerts();
      }
      scene.awaitNoOthers(10);
    }
  }

  @Test
  void aWayOutOfAContainerCausesItsAlert() {
    String enter = "--mount=/proc/" + ProcessHandle.current().pid() + "/ns/mnt";
    try (AlertScene scene = new AlertScene(prometheus, 1)) {
      scene.add("attention", serve("--journal=none"), "NsmonAttention");
      scene.scrape();
      try (Child child = Child.start("unshare", "-m", "-p", "-f", "nsenter", enter, "sleep", "2")) {
        scene.awaitAlerts();
        child.result().endedWith(0);
      }
      scene.awaitNoOthers(10);
    }
  }
}
