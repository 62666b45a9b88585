package dev.nsmon.event;

/// Who saw what an event tells.
public enum Source {
  /// The first look: it was so when the monitor began.
  BASELINE("baseline"),
  /// A look at all of /proc.
  POLL("poll"),
  /// The kernel's proc connector.
  PROC_CONNECTOR("proc-connector"),
  /// The kernel's perf records.
  PERF("perf");

  private final String text;

  Source(String text) {
    this.text = text;
  }

  /// As it stands in the event.
  @Override
  public String toString() {
    return text;
  }
}
