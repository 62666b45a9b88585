package dev.nsmon.guest;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/// One line of what the programs in a guest say is true; `truth.h` describes them.
sealed interface Fact {
  /// Microseconds since the epoch, by the guest's clock.
  long micros();

  /// A namespace exists, and this is its first member.
  record Made(long micros, String type, long inode, long id, int member, String cause)
      implements Fact {}

  record Joined(long micros, String type, long inode, int member, String cause) implements Fact {}

  record Left(long micros, int member) implements Fact {}

  record Released(long micros, String type, long inode) implements Fact {}

  /// A whole life, too short to learn the name of the namespace.
  record Life(long micros, String type, int member, String cause) implements Fact {}

  /// From here on the kernel drops up to so many records.
  record Lost(long micros, long most) implements Fact {}

  /// `nsmon list` and `lsns` have looked at rest, after nsmon had written so many lines.
  record Listed(long micros, int lines) implements Fact {}

  /// nsmon has ended with this exit status.
  record Ended(long micros, int code) implements Fact {}

  /// A program waited in vain. The judge finds out by itself what is missing.
  record Late(long micros, String what) implements Fact {}

  /// The situation could not be made.
  record Failed(long micros, String why) implements Fact {}

  /// This kernel does not have what the case is about.
  record Absent(long micros, String why) implements Fact {}

  static Fact parse(String line) {
    String[] parts = line.split(" ", 3);
    long micros = micros(parts[0]);
    String rest = parts[2];
    return switch (parts[1]) {
      case "late" -> new Late(micros, rest);
      case "absent" -> new Absent(micros, rest);
      case "failed" -> new Failed(micros, rest);
      default -> parse(micros, parts[1], words(rest));
    };
  }

  private static Fact parse(long micros, String verb, Words words) {
    return switch (verb) {
      case "made" ->
          new Made(
              micros,
              words.text("type"),
              words.number("inode"),
              words.number("id"),
              words.pid("member"),
              words.text("cause"));
      case "joined" ->
          new Joined(
              micros,
              words.text("type"),
              words.number("inode"),
              words.pid("member"),
              words.text("cause"));
      case "left" -> new Left(micros, words.pid("member"));
      case "released" -> new Released(micros, words.text("type"), words.number("inode"));
      case "life" -> new Life(micros, words.text("type"), words.pid("member"), words.text("cause"));
      case "lost" -> new Lost(micros, words.number("most"));
      case "listed" -> new Listed(micros, (int) words.number("lines"));
      case "ended" -> new Ended(micros, (int) words.number("code"));
      default -> throw new IllegalArgumentException("no fact: " + verb);
    };
  }

  /// Of a time such as `1796000000.123456`.
  static long micros(String seconds) {
    return new BigDecimal(seconds).movePointRight(6).longValueExact();
  }

  private static Words words(String text) {
    Map<String, String> values = new HashMap<>();
    for (String word : text.split(" ", -1)) {
      int equals = word.indexOf('=');
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new Words(values);
  }

  /// What stands behind a verb as `NAME=VALUE`.
  record Words(Map<String, String> values) {
    private String text(String name) {
      String value = values.get(name);
      if (value == null) {
        throw new IllegalArgumentException("no " + name + " in " + values);
      }
      return value;
    }

    private long number(String name) {
      return Long.parseUnsignedLong(text(name));
    }

    private int pid(String name) {
      return Integer.parseInt(text(name));
    }
  }
}
