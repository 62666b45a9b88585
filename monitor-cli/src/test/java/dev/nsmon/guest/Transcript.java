package dev.nsmon.guest;

import java.util.ArrayList;
import java.util.List;

/// A guest's truth and reports, written by hand for the tests of the judge.
///
/// Reports are short here: `SECOND created KEY`, `SECOND created KEY thread TID`, `SECOND joined
/// PID CAUSE KEY...`, `SECOND left PID KEY...`, `SECOND destroyed KEY`, `SECOND lost WHERE COUNT`.
/// The inode of a namespace is 100 more than the number in its key.
final class Transcript {
  private final List<Case> cases;
  private final Reports reports;
  private final Claims claims;

  Transcript(String truth, String reports) {
    List<String> lines = new ArrayList<>(truth.lines().toList());
    if (!truth.contains(" case ")) {
      lines.addFirst("0 case one");
    }
    cases = Case.parse(lines);
    this.reports = new Reports(Report.parse(json(reports.lines().toList())));
    claims = new Claims(cases, this.reports);
  }

  /// What is wrong about its only case.
  List<String> faults() {
    return Judge.faults(cases.getFirst(), claims, reports);
  }

  StreamJudge stream() {
    return new StreamJudge(cases, claims, reports);
  }

  private static List<String> json(List<String> lines) {
    List<String> json = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      json.add(
          words[0]
              + " {\"seq\":%d,\"source\":\"perf\",%s}"
                  .formatted(json.size() + 1, String.join(",", members(words))));
    }
    return json;
  }

  private static List<String> members(String[] words) {
    return switch (words[1]) {
      case "created" -> {
        String holders =
            words.length < 4
                ? ""
                : ",\"holders\":[{\"kind\":\"thread\",\"pid\":1,\"tid\":" + words[4] + "}]";
        yield List.of(kind("namespace-created"), "\"namespace\":" + namespace(words[2], holders));
      }
      case "destroyed" ->
          List.of(kind("namespace-destroyed"), "\"namespace\":" + namespace(words[2], ""));
      case "joined" -> {
        String process = "\"process\":{\"pid\":%s,\"cause\":\"%s\"}".formatted(words[2], words[3]);
        yield List.of(
            kind("process-joined"), process, namespaces(List.of(words).subList(4, words.length)));
      }
      case "left" -> {
        String process = "\"process\":{\"pid\":" + words[2] + "}";
        yield List.of(
            kind("process-left"), process, namespaces(List.of(words).subList(3, words.length)));
      }
      case "lost" ->
          List.of(
              kind("events-lost"), "\"where\":\"%s\",\"count\":%s".formatted(words[2], words[3]));
      default -> throw new IllegalArgumentException(words[1]);
    };
  }

  private static String kind(String kind) {
    return "\"kind\":\"" + kind + "\"";
  }

  private static String namespaces(List<String> keys) {
    return "\"namespaces\":{"
        + String.join(
            ",", keys.stream().map(key -> "\"" + type(key) + "\":" + namespace(key, "")).toList())
        + "}";
  }

  private static String namespace(String key, String more) {
    int number = Integer.parseInt(key.substring(key.indexOf(':') + 1));
    return "{\"type\":\"%s\",\"inode\":%d,\"id\":\"%d\",\"key\":\"%s\",\"initial\":false%s}"
        .formatted(type(key), number + 100, number, key, more);
  }

  private static String type(String key) {
    return key.substring(0, key.indexOf(':'));
  }
}
