package dev.nsmon.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What steers a terminal or forges a line is shown, not done.
final class EscapeTest {

  @ParameterizedTest
  @CsvSource({
    "1b, \\x1b",
    "0, \\x00",
    "7f, \\x7f",
    "9b, \\x9b",
    "a, \\n",
    "d, \\r",
    "9, \\t",
    "5c, \\\\",
    "202e, \\u{202e}",
    "2066, \\u{2066}",
    "2028, \\u{2028}",
    "200b, \\u{200b}",
    "e000, \\u{e000}",
    "d800, \\u{d800}",
    "feff, \\u{feff}",
    "20, ' '",
    "7e, ~",
    "9f, \\x9f",
    "a0, '\u00a0'",
    "e9, é",
    "4e2d, 中",
    "1f600, 😀",
    "fffd, \uFFFD"
  })
  void aCharacterIsShownAs(String hex, String shown) {
    assertEquals("a" + shown + "b", Escape.text("a" + Character.toString(code(hex)) + "b"));
  }

  @Test
  void plainTextIsNotCopied() {
    String plain = "nginx: worker (1)";
    assertSame(plain, Escape.text(plain));
    String all = " !\"#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~";
    assertSame(all, Escape.text(all));
  }

  @Test
  void blanksStayAsTheyAreBesideWhatIsEscaped() {
    assertEquals("a\\n b ~\u00a0c", Escape.text("a\n b ~\u00a0c"));
  }

  @Test
  void halfACharacterAtTheEndIsShown() {
    assertEquals("\\u{d83d}", Escape.text("\ud83d"));
  }

  private static int code(String hex) {
    return Integer.parseInt(hex, 16);
  }
}
