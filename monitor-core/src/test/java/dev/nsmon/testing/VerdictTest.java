package dev.nsmon.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a build says of its tests, from reports as Surefire writes them.
class VerdictTest {
  private static final String REPORT =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuite name="dev.nsmon.live.PinIT" tests="4">
        <properties><property name="a" value="b"/></properties>
        <testcase name="pinned" classname="dev.nsmon.live.PinIT" time="0.1"/>
        <testcase name="held(String)[1]" classname="dev.nsmon.live.PinIT" time="0.0">
          <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: there is no gcc & <x>
      \tat org.junit.jupiter.api.Assumptions.throwAssumptionFailed(Assumptions.java:340)
      ]]></skipped>
        </testcase>
        <testcase name="off" classname="dev.nsmon.live.PinIT$Deep" time="0.0">
          <skipped message="not on this kernel"/>
        </testcase>
        <testcase name="wrong" classname="dev.nsmon.live.PinIT" time="0.0">
          <failure message="boom" type="java.lang.AssertionError"><![CDATA[java.lang.AssertionError: boom]]></failure>
          <system-out><![CDATA[words]]></system-out>
        </testcase>
      </testsuite>
      """;

  @TempDir Path directory;

  @Test
  void countsAndGivesReasons() throws IOException {
    assertEquals(
        """

          skipped: not on this kernel: PinIT$Deep.off
          skipped: there is no gcc & <x>: PinIT.held(String)[1]
        core: 1 passed, 1 failed, 2 skipped
        """,
        printed(new Verdict("core", cases(Instant.EPOCH))));
  }

  @Test
  void anOlderReportDoesNotCount() throws IOException {
    assertEquals("", printed(new Verdict("core", cases(Instant.now().plusSeconds(60)))));
  }

  @Test
  void aSkipMustBeAllowedByNameAndReason() throws IOException {
    Verdict verdict = new Verdict("core", cases(Instant.EPOCH));
    assertEquals(
        List.of(
            "PinIT$Deep.off | not on this kernel", "PinIT.held(String)[1] | there is no gcc & <x>"),
        verdict.refused(AllowedSkips.NONE));
    assertEquals(
        List.of("PinIT$Deep.off | not on this kernel"),
        verdict.refused(
            allowed("# comment", "", "PinIT.* | there is no gcc.*", "PinIT$Deep.off | no")));
    assertEquals(
        List.of(),
        verdict.refused(allowed("PinIT.held* | there is no gcc.*", "PinIT$Deep.off | not on .*")));
  }

  @Test
  void aBadLineOfTheListIsNamed() {
    IOException none = assertThrows(IOException.class, () -> allowed("PinIT.held"));
    assertTrue(
        none.getMessage().endsWith(":1: is not NAME | REASON: PinIT.held"), none.getMessage());
    assertThrows(IOException.class, () -> allowed("PinIT.held | ("));
  }

  @Test
  void aReportThatIsCutIsNamed() throws IOException {
    Files.writeString(directory.resolve("TEST-a.xml"), REPORT.substring(0, 300));
    IOException cut = assertThrows(IOException.class, () -> TestCase.in(directory, Instant.EPOCH));
    assertTrue(cut.getMessage().contains("TEST-a.xml"), cut.getMessage());
  }

  private List<TestCase> cases(Instant since) throws IOException {
    Files.writeString(directory.resolve("TEST-dev.nsmon.live.PinIT.xml"), REPORT);
    return TestCase.in(directory, since);
  }

  private AllowedSkips allowed(String... lines) throws IOException {
    return AllowedSkips.read(Files.write(directory.resolve("skipped"), List.of(lines)));
  }

  private static String printed(Verdict verdict) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    verdict.print(new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
