package dev.nsmon.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gone, denied and failed are three things (`errno(3)`, `asm-generic/errno-base.h`).
final class ErrnoTest {
  @ParameterizedTest
  @CsvSource({
    "-2, gone", // ENOENT: it was reaped, or was never there
    "-3, gone", // ESRCH: it exits while it is read
    "-1, denied", // EPERM
    "-13, denied", // EACCES
    "-4, failed", // EINTR
    "-5, failed", // EIO
    "-11, failed", // EAGAIN
    "-12, failed", // ENOMEM
    "-22, failed", // EINVAL
    "-23, failed", // ENFILE
    "-24, failed", // EMFILE
    "-116, failed", // ESTALE
    "0, failed",
    "2, failed",
    "3, failed"
  })
  void resultIsOneOfThree(long result, String expected) {
    String found = Errno.isGone(result) ? "gone" : Errno.isDenied(result) ? "denied" : "failed";
    assertEquals(expected, found);
    assertEquals(expected.equals("denied"), Errno.isDenied(result));
  }

  @Test
  void hasTheNameThatItsHeaderGives() {
    assertEquals("ENOENT", Errno.name(2));
    assertEquals("ESRCH", Errno.name(3));
    assertEquals("EMFILE", Errno.name(24));
    assertEquals("ESTALE", Errno.name(116));
    assertEquals("errno 4095", Errno.name(4095));
    assertEquals("errno -2", Errno.name(-2));
  }
}
