package dev.nsmon.event;

import dev.nsmon.namespace.NamespaceType;
import java.util.Optional;

/// Why a join deserves attention, such as `joined-host-mnt-namespace`. What leads to it is said at
/// [AttentionRules].
///
/// @param whose whose namespace was joined
/// @param type of which type
public record Attention(Whose whose, NamespaceType type) {
  /// MITRE ATT&CK's technique "Escape to Host".
  public static final String ESCAPE_TO_HOST = "T1611";

  private static final String VERB = "joined-";
  private static final String NOUN = "-namespace";

  /// Whose namespace a process in a container has joined.
  public enum Whose {
    HOST("host"),
    OTHER_CONTAINER("other-container");

    private final String text;

    Whose(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// How much it matters. `setns(2)` lets nobody into the host's pid namespace from one below it,
  /// and nobody into the host's user namespace who has no capability there.
  public Severity severity() {
    if (whose == Whose.OTHER_CONTAINER) {
      return Severity.MEDIUM;
    }
    return type == NamespaceType.PID || type == NamespaceType.USER
        ? Severity.CRITICAL
        : Severity.HIGH;
  }

  /// The ATT&CK technique that it looks like, if there is one.
  public Optional<String> technique() {
    return whose == Whose.HOST ? Optional.of(ESCAPE_TO_HOST) : Optional.empty();
  }

  /// What [#toString] gives, read back; empty if it is something else.
  public static Optional<Attention> parse(String text) {
    for (Whose whose : Whose.values()) {
      for (NamespaceType type : NamespaceType.values()) {
        Attention one = new Attention(whose, type);
        if (one.toString().equals(text)) {
          return Optional.of(one);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return VERB + whose + "-" + type.kernelName() + NOUN;
  }
}
