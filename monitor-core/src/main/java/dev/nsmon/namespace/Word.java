package dev.nsmon.namespace;

import java.util.regex.Pattern;

/// A word of an open list in a record: a newer nsmon may write words that this version does not
/// know. An unknown word is kept and written as it came. Two words of one list are equal if their
/// texts are.
public abstract class Word {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final String text;
  private final int hash;

  /// @param text a text for which [#isWord] is true
  protected Word(String text) {
    this.text = text;
    this.hash = text.hashCode();
  }

  /// True if a text is a word: 1 to 100 letters, digits, `.`, `_` and `-`. Such a text needs no
  /// escapes.
  public static boolean isWord(String text) {
    return FORM.matcher(text).matches();
  }

  /// The word with this text; null if it is not among these.
  protected static <T extends Word> T among(T[] words, String text) {
    for (T word : words) {
      if (((Word) word).text.equals(text)) {
        return word;
      }
    }
    return null;
  }

  @Override
  public final boolean equals(Object other) {
    return this == other
        || (other instanceof Word word && getClass() == word.getClass() && text.equals(word.text));
  }

  @Override
  public final int hashCode() {
    return hash;
  }

  /// The text in the record.
  @Override
  public final String toString() {
    return text;
  }
}
