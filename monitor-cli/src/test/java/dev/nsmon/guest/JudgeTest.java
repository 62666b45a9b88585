package dev.nsmon.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The judge lets what is right pass, and names each thing that is wrong.
final class JudgeTest {
  /// Member 7 makes net:1, 8 enters it; it may end from second 3 on.
  private static final String TRUTH =
      """
      1 made type=net inode=101 id=1 member=7 cause=unshare
      2 joined type=net inode=101 id=1 member=8 cause=setns
      2 left member=8
      3 released type=net inode=101
      3 left member=7
      """;

  private static final String REPORTS =
      """
      1 created net:1
      1 joined 7 unshare net:1
      2 joined 8 setns net:1
      2 left 8 net:1
      3 left 7 net:1
      4 destroyed net:1
      """;

  @Test
  void whatIsRightHasNoFault() {
    assertEquals(List.of(), new Transcript(TRUTH, REPORTS).faults());
  }

  /// One line of the reports is replaced: by nothing, or by others (`/` between them).
  @ParameterizedTest
  @CsvSource(
      value = {
        "1 created net:1,          '',                                 namespace-created came 0"
            + " times",
        "1 created net:1,          1 created net:1/1 created net:1,    namespace-created came 2"
            + " times",
        "1 joined 7 unshare net:1, '',                                 0 times a member was"
            + " reported to join",
        "1 joined 7 unshare net:1, 1 joined 7 fork net:1,              'the cause was unshare, not"
            + " ''fork'''",
        "1 joined 7 unshare net:1, 1 joined 7 unshare net:1/1 joined 9 fork net:1, nobody else was"
            + " in",
        "2 joined 8 setns net:1,   '',                                 process-joined of 8 came 0"
            + " times",
        "2 joined 8 setns net:1,   2 joined 8 unshare net:1,           'the cause was setns, not"
            + " ''unshare'''",
        "2 left 8 net:1,           '',                                 process-left of 8 came 0"
            + " times",
        "3 left 7 net:1,           3 left 7 net:1/3 left 7 net:1,      process-left of 7 came 2"
            + " times",
        "3 left 7 net:1,           3 destroyed net:1/3 left 7 net:1,   had ended before #5"
            + " process-left",
        "4 destroyed net:1,        '',                                 namespace-destroyed came 0"
            + " times",
        "4 destroyed net:1,        4 destroyed net:1/5 destroyed net:1, namespace-destroyed came 2"
            + " times",
        "4 destroyed net:1,        2.9 destroyed net:1,                was held for another 100 ms",
        "4 destroyed net:1,        4 destroyed net:1/5 created net:1,  namespace-created came 2"
            + " times",
      })
  void eachFaultIsNamed(String line, String instead, String fault) {
    String reports =
        REPORTS.replace(line + "\n", instead.isEmpty() ? "" : instead.replace('/', '\n') + "\n");
    assertFault(fault, new Transcript(TRUTH, reports).faults());
  }

  private static void assertFault(String expected, List<String> faults) {
    assertTrue(faults.stream().anyMatch(fault -> fault.contains(expected)), faults::toString);
  }

  @Test
  void eventsComeInOrder() {
    assertFault(
        "#1 namespace-created",
        new Transcript(
                "1 made type=net inode=101 id=1 member=7 cause=unshare",
                "1 joined 7 unshare net:1\n1 created net:1\n")
            .faults());
    assertFault(
        "came after",
        new Transcript(
                TRUTH,
                REPORTS.replace("3 left 7 net:1\n4 destroyed", "3 destroyed net:1\n4 left 7"))
            .faults());
  }

  @Test
  void whatStaysIsNotDestroyed() {
    String truth = "1 made type=net inode=101 id=1 member=7 cause=fork";
    String reports = "1 created net:1\n1 joined 7 fork net:1\n";
    assertEquals(List.of(), new Transcript(truth, reports).faults());
    assertFault("lives on", new Transcript(truth, reports + "9 destroyed net:1\n").faults());
  }

  @Test
  void theIdIsTheKernelsWhereBothKnowIt() {
    String reports = "1 created net:1\n1 joined 7 fork net:1\n";
    String truth = "1 made type=net inode=101 id=%d member=7 cause=fork";
    assertEquals(List.of(), new Transcript(truth.formatted(0), reports).faults());
    assertFault("has the id 2", new Transcript(truth.formatted(2), reports).faults());
  }

  @Test
  void theHolderOfAThreadsNamespaceIsTheThread() {
    String truth =
        "1 made type=uts inode=101 id=1 member=8 cause=any\n3 released type=uts inode=101\n";
    assertEquals(
        List.of(), new Transcript(truth, "1 created uts:1 thread 8\n3 destroyed uts:1\n").faults());
    assertFault(
        "0 times a member was reported",
        new Transcript(truth, "1 created uts:1\n3 destroyed uts:1\n").faults());
  }

  @Test
  void aMemberMayMoveOn() {
    String truth =
        """
        1 made type=user inode=101 id=1 member=7 cause=unshare
        2 made type=user inode=102 id=2 member=7 cause=unshare
        3 released type=user inode=102
        3 released type=user inode=101
        3 left member=7
        """;
    String reports =
        """
        1 created user:1
        1 joined 7 unshare user:1
        2 created user:2
        2 joined 7 unshare user:2
        3 left 7 user:2
        3 destroyed user:2
        3 destroyed user:1
        """;
    assertEquals(List.of(), new Transcript(truth, reports).faults());
    assertFault(
        "process-left of 7 came 0 times",
        new Transcript(truth, reports.replace("3 left 7 user:2\n", "")).faults());
  }

  @Test
  void aReportMayRepeatWhatTheProcessIsIn() {
    String truth =
        """
        1 made type=net inode=101 id=1 member=7 cause=unshare
        2 made type=mnt inode=102 id=2 member=7 cause=unshare
        """;
    String reports =
        """
        1 created net:1
        1 joined 7 unshare net:1
        2 created mnt:2
        2 joined 7 unshare mnt:2 net:1
        """;
    assertEquals(List.of(), new Transcript(truth, reports).faults());
  }

  @Test
  void faultsOfManyLivesAreCounted() {
    String truth =
        """
        1 life type=uts member=7 cause=unshare
        2 life type=uts member=8 cause=unshare
        """;
    String first = "1 created uts:1\n1 joined 7 unshare uts:1\n1 left 7 uts:1\n1 destroyed uts:1\n";
    String second =
        "2 created uts:2\n2 joined 8 unshare uts:2\n2 left 8 uts:2\n2 destroyed uts:2\n";
    assertEquals(List.of(), new Transcript(truth, first + second).faults());
    assertFault("1 of 2 lives are wrong", new Transcript(truth, first).faults());
    assertFault(
        "uts:1 stands for 2 namespaces",
        new Transcript(truth, first + second.replace("uts:2", "uts:1")).faults());
  }

  @Test
  void anOverrunIsReportedOnceAndWithinReason() {
    String truth = "5 lost most=100";
    assertEquals(List.of(), new Transcript(truth, "6 lost kernel 100").faults());
    assertFault("came 0 times", new Transcript(truth, "4 lost kernel 100").faults());
    assertFault("came 2 times", new Transcript(truth, "6 lost kernel 1\n7 lost kernel 1").faults());
    assertFault("has not dropped", new Transcript(truth, "6 lost kernel 101").faults());
    assertFault("has not dropped", new Transcript(truth, "6 lost poll 1").faults());
  }

  @Test
  void whatCouldNotBeDoneIsNotRight() {
    assertEquals(
        List.of("not done: clone3: No"), new Transcript("1 failed clone3: No", "").faults());
    assertEquals(
        List.of("exit status 137, not 143"), new Transcript("1 ended code=137", "").faults());
    assertEquals(List.of(), new Transcript("1 ended code=143\n1 late a report", "").faults());
  }

  @Test
  void theStreamIsJudgedAsAWhole() {
    assertStream("", REPORTS);
    assertStream("nothing is lost before the overrun", REPORTS + "5 lost kernel 1\n");
    assertStream("nothing is reported that was not", REPORTS + "5 created uts:9\n");
    assertStream(
        "nothing is reported that was not", REPORTS + "5 created uts:9\n5 joined 9 fork uts:9\n");
    assertStream("a namespace is created before it is named", "1 joined 7 unshare net:1\n");
  }

  private static void assertStream(String wrong, String reports) {
    Map<String, List<String>> faults = new Transcript(TRUTH, reports).stream().faults();
    List<String> names =
        faults.keySet().stream().filter(name -> !faults.get(name).isEmpty()).toList();
    assertEquals(wrong.isEmpty() ? List.of() : List.of(wrong), names, faults::toString);
  }

  @Test
  void aNumberIsMissing() {
    List<Report> reports =
        Report.parse(
            List.of(
                "1 {\"seq\":1,\"kind\":\"synced\",\"source\":\"perf\"}",
                "2 {\"seq\":3,\"kind\":\"synced\",\"source\":\"perf\"}"));
    Reports all = new Reports(reports);
    List<String> faults =
        new StreamJudge(List.of(), new Claims(List.of(), all), all)
            .faults()
            .get("the numbers of the stream are contiguous");
    assertEquals(1, faults.size(), faults::toString);
    assertTrue(faults.getFirst().startsWith("number 3 at #1"), faults::toString);
  }
}
