package dev.nsmon.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One situation that was made in a guest, and what is true of it.
record Case(String name, List<Fact> facts) {
  private static final String BEGIN = " case ";

  /// The cases of a file `truth`, in order.
  static List<Case> parse(List<String> lines) {
    List<Case> cases = new ArrayList<>();
    for (String line : lines) {
      int begin = line.indexOf(BEGIN);
      if (begin >= 0 && line.indexOf(' ') == begin) {
        cases.add(new Case(line.substring(begin + BEGIN.length()), new ArrayList<>()));
      } else {
        cases.getLast().facts.add(Fact.parse(line));
      }
    }
    return cases;
  }

  /// Its facts of one sort, in order.
  <F extends Fact> Stream<F> all(Class<F> sort) {
    return facts.stream().filter(sort::isInstance).map(sort::cast);
  }
}
