package dev.nsmon.cli;

import java.util.Optional;
import java.util.regex.Pattern;

/// The components of `serve` with the threads that they run on, and what follows when one fails. A
/// sink is a component of its own name, such as `file:/var/log/nsmon/events.json`.
enum ServePart {
  MONITOR("monitor", "monitor", Then.END),
  SOURCE("source", "perf|proc-connector", Then.RESTART),
  JOURNAL("journal", "journal|journal-state", Then.RESTART),
  /// The pump, and with Kafka the thread that hands records to the producer, and the producer's.
  SINK("sink", "pump-.*|kafka-.*", Then.RESTART),
  LISTENER("listener", "listener-.*", Then.END),
  STANDSTILL("standstill", "standstill", Then.RESTART),
  LOOK_TIMES("look-times", "look-times", Then.RESTART),
  SERVICE_MANAGER("service-manager", "service-manager", Then.RESTART),
  RUNTIME_NAMES("runtime-names", "runtime-names|runtime-socket-.*", Then.RESTART);

  /// What follows when a component fails.
  enum Then {
    /// It is started again.
    RESTART,
    /// The process ends with exit code 1.
    END
  }

  private final String text;
  private final Pattern threads;
  private final Then then;

  ServePart(String text, String threads, Then then) {
    this.text = text;
    this.threads = Pattern.compile(threads);
    this.then = then;
  }

  Then then() {
    return then;
  }

  /// The one that a thread of this name belongs to; empty if it is the JVM's, or does one thing
  /// only.
  static Optional<ServePart> of(String thread) {
    for (ServePart part : values()) {
      if (part.threads.matcher(thread).matches()) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }

  /// The name of the component.
  @Override
  public String toString() {
    return text;
  }
}
