package dev.nsmon.journal;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// What other threads want noted: where each sink is to go on, and when the last look was. They
/// leave it here and the writer takes it along.
final class Notes {
  private final Map<String, Long> cursors = new HashMap<>();
  private final Map<String, Long> unwritten = new HashMap<>();
  private Instant looked = Instant.EPOCH;

  /// What the file says.
  synchronized void restore(Map<String, Long> written) {
    cursors.putAll(written);
  }

  synchronized OptionalLong cursor(String name) {
    Long next = cursors.get(name);
    return next == null ? OptionalLong.empty() : OptionalLong.of(next);
  }

  synchronized void cursor(String name, long next) {
    Long before = cursors.put(name, next);
    if (before == null || before != next) {
      unwritten.put(name, next);
    }
  }

  synchronized boolean hasCursors() {
    return !unwritten.isEmpty();
  }

  /// The cursors that have moved since they were last taken.
  synchronized Map<String, Long> takeCursors() {
    Map<String, Long> taken = new HashMap<>(unwritten);
    unwritten.clear();
    return taken;
  }

  /// The next taking takes all: what was written may not be there any more.
  synchronized void renew() {
    unwritten.putAll(cursors);
  }

  synchronized void looked(Instant time) {
    looked = time;
  }

  /// When the last look was; the epoch before the first.
  synchronized Instant looked() {
    return looked;
  }
}
