package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListTest {

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
  void oneThatEndsBeforeItBeginsIsEmptyWhereTheyTouch() throws IOException {
    assertEquals("{}", CpuList.parse("1-0").toString());
  }
}
