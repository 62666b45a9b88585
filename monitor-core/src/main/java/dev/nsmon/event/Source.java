package dev.nsmon.event;

import dev.nsmon.namespace.Word;

/// The source that observed an event. The list is open: see [Word].
public final class Source extends Word {
  /// The first scan: it existed when the monitor started.
  public static final Source BASELINE = new Source("baseline");

  /// A scan of /proc.
  public static final Source POLL = new Source("poll");

  /// The kernel's proc connector.
  public static final Source PROC_CONNECTOR = new Source("proc-connector");

  /// The kernel's perf records.
  public static final Source PERF = new Source("perf");

  private static final Source[] KNOWN = {BASELINE, POLL, PROC_CONNECTOR, PERF};

  private Source(String text) {
    super(text);
  }

  /// The words that this version knows.
  public static Source[] values() {
    return KNOWN.clone();
  }

  /// The word with this text, known or not.
  public static Source of(String text) {
    Source known = among(KNOWN, text);
    return known == null ? new Source(text) : known;
  }
}
