package dev.nsmon.namespace;

/// How a task came to be in its namespaces, under the names of the system calls.
public enum Cause {
  /// It began there: `fork(2)`, `clone(2)` and the like.
  FORK("fork"),
  /// It made a new one and moved into it: `unshare(2)`.
  UNSHARE("unshare"),
  /// It moved into one that existed: `setns(2)`.
  SETNS("setns");

  private final String text;

  Cause(String text) {
    this.text = text;
  }

  /// As it stands in the event.
  @Override
  public String toString() {
    return text;
  }
}
