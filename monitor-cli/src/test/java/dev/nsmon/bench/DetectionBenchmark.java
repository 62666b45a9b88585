package dev.nsmon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How many of so many short lives in namespaces are told, by each source of ours and by peers.
final class DetectionBenchmark {
  private static final Pattern FORK = Pattern.compile("fork +(\\d+) child");

  /// @param type of the namespaces
  /// @param born whether each life has a namespace of its own
  /// @param arguments of the program that leads them; COUNT stands for how many
  private record Lived(String name, String type, boolean born, List<String> arguments) {
    static Lived of(String name, String type, boolean born, String arguments) {
      return new Lived(name, type, born, List.of(arguments.split(" ")));
    }
  }

  private static final List<Lived> KINDS =
      List.of(
          Lived.of("K1 unshare -p -f true", "pid", true, "exec COUNT 0 0 unshare -p -f true"),
          Lived.of("K2 unshare -u true", "uts", true, "exec COUNT 0 0 unshare -u true"),
          Lived.of("K3 unshare -n true", "net", true, "exec COUNT 0 0 unshare -n true"),
          Lived.of("K4 unshare(2), 1 ms", "uts", true, "unshare COUNT 1000 0"),
          Lived.of("K5 setns(2), 1 ms", "uts", false, "setns COUNT 1000 0"),
          Lived.of("K6 unshare(2), 0.1 ms", "uts", true, "unshare COUNT 100 0"),
          Lived.of("K7 clone(2), exits at once", "uts", true, "clone COUNT 0 0"));

  private final PushBenchmark.Setting setting;
  private final int count;
  private final Path file;
  private final List<String> notes = new ArrayList<>();

  DetectionBenchmark(PushBenchmark.Setting setting, int count) {
    this.setting = setting;
    this.count = count;
    this.file = setting.work().resolve("forkstat.txt");
  }

  void run() throws IOException, InterruptedException {
    List<Contender> ours =
        List.of(
            setting.nsmon("perf"),
            setting.nsmon("proc-connector"),
            setting.nsmon("poll"),
            Contender.nsmon(setting.image(), "poll", "100ms"));
    List<Contender> all = new ArrayList<>(ours);
    all.addAll(List.of(Contender.bpftrace(), Contender.forkstat(file)));
    String[] head =
        Stream.concat(Stream.of(""), all.stream().map(Contender::name)).toArray(String[]::new);
    Table whole = new Table(Arrays.copyOf(head, ours.size() + 1));
    Table joined = new Table(head);
    for (Lived kind : KINDS) {
      List<String> wholeCells = new ArrayList<>(List.of(kind.name()));
      List<String> joinedCells = new ArrayList<>(List.of(kind.name()));
      for (Contender contender : all) {
        boolean own = ours.contains(contender);
        try {
          Lives.Verdict verdict = watch(contender, kind, own);
          joinedCells.add(percent(verdict.joined()));
          if (own) {
            wholeCells.add(percent(verdict.whole()));
          }
        } catch (IOException e) {
          joinedCells.add("-");
          if (own) {
            wholeCells.add("-");
          }
          note(kind, contender, e.getMessage());
        }
      }
      whole.row(wholeCells.toArray(String[]::new));
      joined.row(joinedCells.toArray(String[]::new));
    }
    System.out.printf(
        "Detection: %,d lives of each kind, told whole and right: created, joined, left, destroyed,"
            + " once and in order (K5: joined, left)%n",
        count);
    whole.print();
    System.out.printf(
        "%nAt least the join (bpftrace: unshare, setns or clone seen; forkstat: fork seen)%n");
    joined.print();
    System.out.printf("%nLost, missed or wrong: %s%n", notes.isEmpty() ? "nothing" : "");
    notes.forEach(System.out::println);
  }

  private Lives.Verdict watch(Contender contender, Lived kind, boolean own)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(setting.program("burst").toString()));
    kind.arguments().forEach(word -> command.add(word.replace("COUNT", "" + count)));
    Set<Integer> pids;
    Watcher watcher = Watcher.start(contender, -1, setting.work());
    try (watcher) {
      pids = Load.pids(command);
      watcher.awaitQuiet();
    }
    if (!own) {
      int seen = seen(watcher, pids, contender.file() != null);
      return new Lives.Verdict(seen, seen, 0);
    }
    List<Watcher.Line> lines = watcher.lines();
    Lives.Verdict verdict = Lives.judge(lines, kind.type(), kind.born(), pids);
    String losses = Losses.of(lines, watcher.errors()).words();
    if (verdict.wrong() > 0) {
      note(kind, contender, verdict.wrong() + " wrong");
    }
    if (!losses.isEmpty()) {
      note(kind, contender, losses);
    }
    return verdict;
  }

  /// How many of these pids a peer has named.
  private int seen(Watcher watcher, Set<Integer> pids, boolean inFile) throws IOException {
    Set<Integer> named = new HashSet<>();
    if (inFile) {
      try (Stream<String> lines = Files.lines(file)) {
        lines
            .map(FORK::matcher)
            .filter(Matcher::find)
            .forEach(line -> named.add(Integer.valueOf(line.group(1))));
      }
    } else {
      for (Watcher.Line line : watcher.lines()) {
        if (!line.text().isEmpty() && line.text().chars().allMatch(Character::isDigit)) {
          named.add(Integer.valueOf(line.text()));
        }
      }
    }
    named.retainAll(pids);
    return named.size();
  }

  private void note(Lived kind, Contender contender, String words) {
    notes.add("  " + kind.name() + ", " + contender.name() + ": " + words);
  }

  private String percent(int lives) {
    return String.format(Locale.ROOT, "%.2f %%", 100.0 * lives / count);
  }
}
