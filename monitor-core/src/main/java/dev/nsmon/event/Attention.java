package dev.nsmon.event;

import dev.nsmon.namespace.NamespaceType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A reason why a join deserves attention, such as `joined-host-mnt-namespace`. [AttentionRules]
/// defines the conditions. The list is open: a newer nsmon may name reasons that this version does
/// not know.
///
/// @param rule its name, in the form of a [dev.nsmon.namespace.Word]
/// @param severity how serious it is
/// @param technique the id of the ATT&CK technique that it resembles; empty if none is known
public record Attention(String rule, Severity severity, Optional<String> technique) {
  /// MITRE ATT&CK's technique "Escape to Host".
  public static final String ESCAPE_TO_HOST = "T1611";

  private static final Map<String, Attention> KNOWN = known();

  /// The owner of the namespace that a process in a container has joined.
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

  /// The reason for a process in a container that has joined a namespace of this type outside its
  /// container.
  public Attention(Whose whose, NamespaceType type) {
    this(
        "joined-" + whose + "-" + type.kernelName() + "-namespace",
        severity(whose, type),
        whose == Whose.HOST ? Optional.of(ESCAPE_TO_HOST) : Optional.empty());
  }

  /// A host's pid or user namespace is critical, because `setns(2)` does not allow it. No process
  /// may join a pid namespace above its own, and joining the host's user namespace needs a
  /// capability there.
  private static Severity severity(Whose whose, NamespaceType type) {
    if (whose == Whose.OTHER_CONTAINER) {
      return Severity.MEDIUM;
    }
    return type == NamespaceType.PID || type == NamespaceType.USER
        ? Severity.CRITICAL
        : Severity.HIGH;
  }

  /// The reason with this name. An unknown one has medium severity and no technique.
  public static Attention of(String rule) {
    Attention known = KNOWN.get(rule);
    return known == null ? new Attention(rule, Severity.MEDIUM, Optional.empty()) : known;
  }

  private static Map<String, Attention> known() {
    Map<String, Attention> known = new HashMap<>();
    for (Whose whose : Whose.values()) {
      for (NamespaceType type : NamespaceType.values()) {
        Attention one = new Attention(whose, type);
        known.put(one.rule(), one);
      }
    }
    return Map.copyOf(known);
  }

  @Override
  public String toString() {
    return rule;
  }
}
