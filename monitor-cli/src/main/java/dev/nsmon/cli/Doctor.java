package dev.nsmon.cli;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.netlink.ProcConnectorCheck;
import dev.nsmon.perf.PerfCheck;
import dev.nsmon.proc.HostView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tests which kernel features and privileges are available on this host to this user.
final class Doctor {
  private static final int CAP_DAC_READ_SEARCH = 2;
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_PTRACE = 19;
  private static final int CAP_SYS_ADMIN = 21;
  private static final int SHOWN = 3;

  private final HostView view;
  private final Libc libc = new Libc();
  private final long capabilities;

  Doctor(HostView view) throws IOException {
    this.view = view;
    this.capabilities = capabilities();
  }

  /// Runs all tests and returns their findings in the order to print them.
  List<Finding> examine() throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.well("kernel", "Linux " + System.getProperty("os.version")));
    HostView.Reach reach = view.reach();
    findings.add(processes(reach));
    findings.add(hidden(reach));
    findings.add(namespace(NamespaceType.PID, "processes outside it are invisible"));
    findings.add(namespace(NamespaceType.USER, "what belongs to others can't be read"));
    findings.add(ids());
    findings.add(handles());
    String perf = PerfCheck.problem(libc);
    String connector = ProcConnectorCheck.problem(libc, HostClock.SYSTEM::nanoTime);
    findings.add(push("perf namespace records", perf, "lives shorter than a poll's interval"));
    findings.add(push("proc connector", connector, "processes that come and go between two polls"));
    findings.add(source(perf, connector));
    return findings;
  }

  private Finding processes(HostView.Reach reach) {
    String what = "namespaces of others";
    int total = reach.readable() + reach.denied().size();
    if (reach.denied().isEmpty()) {
      return Finding.well(what, "all " + total + " processes can be read");
    }
    String some =
        String.join(", ", reach.denied().subList(0, Math.min(SHOWN, reach.denied().size())))
            + (reach.denied().size() > SHOWN ? ", ..." : "");
    String found =
        reach.denied().size() + " of " + total + " processes can't be read (" + some + ")";
    return Finding.blind(
        what,
        found,
        may(CAP_SYS_PTRACE)
            ? "CAP_SYS_PTRACE is there, so a security module (AppArmor, SELinux, lockdown or a"
                + " container's sandbox) refuses: allow ptrace-read there"
            : "where they are is invisible: run as root or with CAP_SYS_PTRACE");
  }

  private Finding hidden(HostView.Reach reach) throws IOException {
    Optional<String> option = hidepid();
    if (reach.listsFirst()) {
      return Finding.well("hidepid", option.orElse("not set") + ", all processes are listed");
    }
    return Finding.blind(
        "hidepid",
        option.orElse("not set") + ", yet process 1 is not listed",
        "other users' processes are invisible: run as root or with CAP_SYS_PTRACE, join the group"
            + " of the gid= option, or mount /proc with hidepid=0");
  }

  private static Optional<String> hidepid() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      int options = line.indexOf(" - proc ");
      if (options >= 0 && line.contains(" /proc ")) {
        for (String option : line.substring(options).split(",", -1)) {
          if (option.startsWith("hidepid=")) {
            return Optional.of(option.strip());
          }
        }
      }
    }
    return Optional.empty();
  }

  private Finding namespace(NamespaceType type, String loss) {
    String what = "own " + type + " namespace";
    return view.isInitial(type)
        ? Finding.well(what, "the host's")
        : Finding.blind(
            what,
            "a child, as in a container",
            loss + ": start it on the host (in a container: with the host's " + type + ")");
  }

  private Finding ids() {
    String problem = view.idProblem();
    return problem.isEmpty()
        ? Finding.well("NS_GET_ID", "namespaces have ids that are never reused")
        : Finding.lesser(
            "NS_GET_ID",
            problem,
            "two namespaces with one inode between two looks are taken for one: needs Linux 6.18");
  }

  private Finding handles() {
    String own = view.handleProblem();
    String problem =
        own.isEmpty() && !may(CAP_SYS_ADMIN)
            ? "those of others do not open: no CAP_SYS_ADMIN"
            : own;
    if (!may(CAP_SYS_ADMIN) && !(may(CAP_DAC_READ_SEARCH) && may(CAP_NET_ADMIN))) {
      return Finding.blind(
          "nsfs file handles",
          problem,
          "nor may all descriptors and sockets be read, so the end of a namespace may go untold:"
              + " run with CAP_SYS_ADMIN, or CAP_DAC_READ_SEARCH and CAP_NET_ADMIN");
    }
    return problem.isEmpty()
        ? Finding.well("nsfs file handles", "the kernel says when a namespace is gone")
        : Finding.lesser(
            "nsfs file handles",
            problem,
            "the end of a namespace is concluded from a complete look without any holder: needs"
                + " Linux 6.18 and CAP_SYS_ADMIN");
  }

  private static Finding push(String what, String problem, String seen) {
    return problem.isEmpty()
        ? Finding.well(what, "available")
        : Finding.lesser(what, problem, "without it " + seen + " may go unseen");
  }

  /// The source that `--source auto` selects.
  private static Finding source(String perf, String connector) {
    String what = "--source auto";
    if (perf.isEmpty()) {
      return Finding.well(what, "perf: every fork, exec, exit, unshare and setns is reported");
    }
    return connector.isEmpty()
        ? Finding.lesser(
            what,
            "proc-connector: forks, execs and exits are reported, unshare and setns are not",
            "perf would report those too, see above")
        : Finding.lesser(what, "poll: looks only", "a push source would see more, see above");
  }

  private boolean may(int capability) {
    return (capabilities >> capability & 1) != 0;
  }

  private static long capabilities() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapEff:\t")) {
        return Long.parseUnsignedLong(line.substring(8), 16);
      }
    }
    return 0;
  }
}
