package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/// What a process left behind when it ended.
public record Result(int code, String out, String err) {

  public List<String> lines() {
    return out.lines().toList();
  }

  /// Fails unless it ended with this code, and shows what it said.
  public Result endedWith(int expected) {
    assertEquals(expected, code, this::toString);
    return this;
  }
}
