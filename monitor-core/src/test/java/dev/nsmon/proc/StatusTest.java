package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `/proc/PID/status`: what is taken from it, and what is unknown.
class StatusTest {

  private static Status parse(String file) {
    byte[] bytes = file.getBytes(ISO_8859_1);
    return Status.parse(bytes, bytes.length);
  }

  @Test
  void realUidAndPidsOfAllNamespacesAreTaken() {
    assertEquals(
        new Status(1000, List.of(4242, 17, 1)),
        parse(
            """
            Name:\tbash
            Umask:\t0022
            State:\tS (sleeping)
            Pid:\t4242
            Uid:\t1000\t1001\t1002\t1003
            Gid:\t5\t6\t7\t8
            FDSize:\t256
            NStgid:\t9\t9
            NSpid:\t4242\t17\t1
            NSpgid:\t8\t8
            """));
  }

  @Test
  void nameForgesNoLine() {
    assertEquals(
        new Status(0, List.of(7)),
        parse("Name:\ta\\nUid:\t9\t9\t9\t9 NSpid:\t1\nUid:\t0\t0\t0\t0\nNSpid:\t7\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 10, 99, 1_234_567_890, Integer.MAX_VALUE, -2})
  void everyUidIsTaken(int uid) {
    assertEquals(uid, parse("Uid:\t" + Integer.toUnsignedString(uid) + "\t1\t2\t3\n").uid());
  }

  @Test
  void lastLineNeedsNoEnd() {
    assertEquals(List.of(7), parse("NSpid:\t7").nsPids());
  }

  @Test
  void bytesAfterTheLengthAreNotRead() {
    byte[] file = "Uid:\t12345\n".getBytes(ISO_8859_1);
    assertEquals(12, Status.parse(file, 7).uid());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "Uid:",
        "Uid:\t\nNSpid:\t\n",
        "Uid: 7\nNSpid: 7\n",
        "Uid:\t-7\nNSpid:\t7\t-1\n",
        "Uid:\t1x\nNSpid:\t7\tx\n",
        "Uid:\t4294967296\nNSpid:\t99999999999999999999999\n",
        "XUid:\t7\nXNSpid:\t7\n",
        "Pid:\t4242\nUid",
        "Pid:\t4242\nNSpid:"
      })
  void whatIsMissingOrMalformedIsUnknown(String file) {
    assertEquals(new Status(-1, List.of()), parse(file));
  }
}
