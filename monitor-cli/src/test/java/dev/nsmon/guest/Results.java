package dev.nsmon.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a guest has left behind, judged.
///
/// @param faults what is wrong, by the name of the case; empty where nothing is
record Results(Map<String, List<String>> faults) {

  /// Reads the folder that `cases.sh` has filled.
  static Results of(Path out) throws IOException {
    List<Case> cases = Case.parse(Files.readAllLines(out.resolve("truth")));
    Reports reports = new Reports(Report.parse(Files.readAllLines(out.resolve("events"))));
    Claims claims = new Claims(cases, reports);
    Map<String, List<String>> faults = new LinkedHashMap<>();
    for (Case one : cases) {
      if (one.all(Fact.Absent.class).findAny().isPresent()) {
        continue;
      }
      List<Fact.Listed> listed = one.all(Fact.Listed.class).toList();
      if (listed.isEmpty()) {
        faults.put(one.name(), Judge.faults(one, claims, reports));
      } else {
        List<String> list = Files.readAllLines(out.resolve("list " + one.name()));
        faults.put(
            one.name() + ", the events add up to what nsmon list shows",
            Oracles.fold(
                reports.all().stream().limit(listed.getFirst().lines()).map(Report::json).toList(),
                list));
        faults.put(
            one.name() + ", lsns shows what nsmon list shows",
            Oracles.lsns(list, Files.readString(out.resolve("lsns " + one.name()))));
      }
    }
    faults.putAll(new StreamJudge(cases, claims, reports).faults());
    if (cases.stream().noneMatch(one -> one.all(Fact.Ended.class).findAny().isPresent())) {
      throw new AssertionError("the cases were not run to their end, see " + out);
    }
    return new Results(faults);
  }

  /// The names of the cases with faults.
  List<String> wrong() {
    return faults.keySet().stream().filter(name -> !faults.get(name).isEmpty()).toList();
  }

  List<String> names() {
    return new ArrayList<>(faults.keySet());
  }
}
