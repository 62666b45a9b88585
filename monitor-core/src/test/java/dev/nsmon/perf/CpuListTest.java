package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListTest {
  private static final int EISDIR = 21;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|{0}", "0-1|{0, 1}", "0-2,7|{0, 1, 2, 7}", "3,5-5,8-9|{3, 5, 8, 9}"})
  void theKernelsListsAreRead(String text, String cpus) throws IOException {
    assertEquals(cpus, CpuList.parse(text + "\n").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "-", "1-", "-1", "2-0", "0,", "a", "0-1-2", "99999999999"})
  void anythingElseIsRefused(String text) {
    assertThrows(IOException.class, () -> CpuList.parse(text));
  }

  @Test
  void theFileIsReadAnewEachTime(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("online"), "0-3\n");
    try (CpuList list = new CpuList(new Libc(), file)) {
      BitSet first = list.read();
      assertEquals("{0, 1, 2, 3}", first.toString());
      assertSame(first, list.read());
      Files.writeString(file, "0,2-3\n");
      assertEquals("{0, 2, 3}", list.read().toString());
      Files.writeString(file, "none\n");
      assertThrows(IOException.class, list::read);
      Files.writeString(file, "1\n");
      assertEquals("{1}", list.read().toString());
    }
  }

  @Test
  void whatCanNotBeOpenedOrReadIsSaidWithItsError(@TempDir Path directory) throws IOException {
    Libc libc = new Libc();
    Path missing = directory.resolve("online");
    ErrnoException refused = assertThrows(ErrnoException.class, () -> new CpuList(libc, missing));
    assertEquals(Errno.ENOENT, refused.errno());
    assertTrue(refused.getMessage().contains(missing.toString()), refused.getMessage());
    try (CpuList list = new CpuList(libc, directory)) {
      assertEquals(EISDIR, assertThrows(ErrnoException.class, list::read).errno());
    }
  }

  @Test
  void oneThatEndsBeforeItBeginsIsEmptyWhereTheyTouch() throws IOException {
    assertEquals("{}", CpuList.parse("1-0").toString());
  }
}
