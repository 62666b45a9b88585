package dev.nsmon.guest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges the stream of a guest as a whole.
final class StreamJudge {
  private final List<Case> cases;
  private final Claims claims;
  private final Reports reports;

  StreamJudge(List<Case> cases, Claims claims, Reports reports) {
    this.cases = cases;
    this.claims = claims;
    this.reports = reports;
  }

  /// What is wrong, in words, by the name of what is judged.
  Map<String, List<String>> faults() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put("the numbers of the stream are contiguous", gaps());
    all.put("nothing is lost before the overrun", lost());
    all.put("a namespace is created before it is named", unknown());
    all.put("nothing is reported that was not", invented());
    return all;
  }

  private List<String> gaps() {
    return reports.all().stream()
        .filter(one -> one.json().path("seq").asLong() != one.index() + 1)
        .limit(1)
        .map(one -> "number " + one.json().path("seq").asText("none") + " at " + one)
        .toList();
  }

  private List<String> lost() {
    long begin =
        cases.stream()
            .flatMap(one -> one.all(Fact.Lost.class))
            .mapToLong(Fact::micros)
            .min()
            .orElse(Long.MAX_VALUE);
    return reports.all().stream()
        .filter(one -> one.is("events-lost") && one.micros() < begin)
        .map(one -> one.json().toString())
        .toList();
  }

  private List<String> unknown() {
    List<String> faults = new ArrayList<>();
    Set<String> created = new HashSet<>();
    for (Report one : reports.all()) {
      if (one.is("namespace-created")) {
        created.add(one.json().at("/namespace/key").asText());
      }
      for (JsonNode namespace : one.namespaces().values()) {
        for (String name : List.of("/key", "/from/key", "/parent", "/owner")) {
          JsonNode key = namespace.at(name);
          if (!key.isMissingNode() && !created.contains(key.asText())) {
            faults.add(key.asText() + " is not known yet: " + one);
          }
        }
      }
    }
    return faults;
  }

  private List<String> invented() {
    return reports.all().stream().filter(one -> isInvented(one)).map(Report::toString).toList();
  }

  private boolean isInvented(Report one) {
    if (one.isBaseline()) {
      // Threads of the kernel are in namespaces of their own.
      return false;
    }
    return switch (one.kind()) {
      case "process-joined", "process-left" -> !claims.isMember(one.member());
      case "namespace-created" -> claims.namespaces(one.json().at("/namespace/key").asText()) == 0;
      default -> false;
    };
  }
}
