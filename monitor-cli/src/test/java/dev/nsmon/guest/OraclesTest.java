package dev.nsmon.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Views of one state are the same, or what differs is named.
final class OraclesTest {
  private static final List<JsonNode> EVENTS =
      Report.parse(
              List.of(
                  event("namespace-created", "'namespace':" + namespace(1, true)),
                  event("namespace-created", "'namespace':" + namespace(2, false)),
                  event(
                      "process-joined",
                      "'process':{'pid':7},'namespaces':{'uts':" + namespace(2, false) + "}")))
          .stream()
          .map(Report::json)
          .toList();

  private static String event(String kind, String rest) {
    return json("1 {'seq':1,'source':'perf','kind':'" + kind + "'," + rest + "}");
  }

  private static String namespace(int inode, boolean initial) {
    return "{'type':'uts','inode':%d,'key':'uts:%d','initial':%b}".formatted(inode, inode, initial);
  }

  private static String listed(int inode, boolean initial, int processes) {
    return json(
        "{'type':'uts','inode':%d,'initial':%b,'processCount':%d}"
            .formatted(inode, initial, processes));
  }

  private static String lsns(String... namespaces) {
    return json("{'namespaces':[" + String.join(",", namespaces) + "]}");
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  @Test
  void theFoldOfTheEventsIsTheList() {
    assertEquals(
        List.of(), Oracles.fold(EVENTS, List.of(listed(1, true, 50), listed(2, false, 1))));
    assertEquals(
        List.of(
            "processes in uts:[2]: 1 by events, 2 by list",
            "processes in uts:[3]: not there by events, 1 by list"),
        Oracles.fold(
            EVENTS, List.of(listed(1, true, 50), listed(2, false, 2), listed(3, false, 1))));
  }

  @Test
  void eventsThatCanNotBeTrueAreAFault() {
    List<String> faults = Oracles.fold(List.of(EVENTS.get(1), EVENTS.get(1)), List.of());
    assertEquals(1, faults.size(), faults::toString);
  }

  @Test
  void lsnsSeesTheSameProcesses() {
    List<String> list = List.of(listed(1, true, 50), listed(2, false, 1), listed(3, false, 0));
    assertEquals(
        List.of(),
        Oracles.lsns(
            list, lsns("{'ns':1,'type':'uts','nprocs':51}", "{'ns':2,'type':'uts','nprocs':1}")));
    assertEquals(
        List.of(
            "lsns has no uts:[1]",
            "processes in uts:[2]: 1 by list, not there by lsns",
            "processes in uts:[4]: not there by list, 1 by lsns"),
        Oracles.lsns(list, lsns("{'ns':4,'type':'uts','nprocs':1}")));
  }
}
