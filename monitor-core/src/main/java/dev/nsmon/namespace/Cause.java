package dev.nsmon.namespace;

/// The system call by which a task came into its namespaces. The list is open: see [Word].
public final class Cause extends Word {
  /// It began in them: `fork(2)`, `clone(2)` and the like.
  public static final Cause FORK = new Cause("fork");

  /// It created new ones and moved into them: `unshare(2)`.
  public static final Cause UNSHARE = new Cause("unshare");

  /// It moved into existing ones: `setns(2)`.
  public static final Cause SETNS = new Cause("setns");

  private static final Cause[] KNOWN = {FORK, UNSHARE, SETNS};

  private Cause(String text) {
    super(text);
  }

  /// The words that this version knows.
  public static Cause[] values() {
    return KNOWN.clone();
  }

  /// The word with this text, known or not.
  public static Cause of(String text) {
    Cause known = among(KNOWN, text);
    return known == null ? new Cause(text) : known;
  }
}
