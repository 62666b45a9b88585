package dev.nsmon.cli;

import dev.nsmon.monitor.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParameterException;

/// Reloads the configuration while `serve` runs. Formats, filters and `--known-good` are applied at
/// once; other changes take effect after a restart. An invalid configuration changes nothing.
final class Reload {
  private final ServeOptions running;
  private final Keys keys;
  private final Reading reading;
  private final Monitor monitor;

  /// The values in force, by option.
  private final Map<String, Object> inForce;

  /// Reads the configuration.
  @FunctionalInterface
  interface Reading {
    /// Reads the configuration; empty if there is none.
    ///
    /// @throws BadConfigurationException if it can't be used
    Optional<Configuration> again() throws BadConfigurationException;
  }

  /// @param running the configuration that `serve` was started with
  /// @param reading reads the new one
  Reload(Configuration running, Reading reading, Monitor monitor) {
    this.running = running.options();
    this.keys = running.keys();
    this.inForce = running.effective();
    this.reading = reading;
    this.monitor = monitor;
  }

  /// Reloads, and prints what has changed or why nothing has. Any thread.
  synchronized void run() {
    try {
      reading.again().ifPresent(this::take);
    } catch (BadConfigurationException e) {
      e.lines().forEach(Words::say);
      Words.say("kept the old configuration");
    } catch (ParameterException e) {
      Words.say(e.getMessage());
      Words.say("kept the old configuration");
    }
  }

  private void take(Configuration next) {
    ServeOptions options = next.options();
    monitor.trust(options.looking.knownGood());
    List<String> taken = new ArrayList<>(List.of("--known-good"));
    taken.addAll(running.filing.reload(options.filing));
    taken.addAll(running.syslog.reload(options.syslog));
    taken.addAll(running.publishing.reload(options.publishing));
    List<String> changed = new ArrayList<>();
    List<String> waiting = new ArrayList<>();
    next.effective()
        .forEach(
            (option, value) -> {
              if (!value.equals(inForce.get(option))) {
                (taken.contains(option) ? changed : waiting).add(keys.key(option));
                if (taken.contains(option)) {
                  inForce.put(option, value);
                }
              }
            });
    Words.say(
        "read the configuration again: "
            + (changed.isEmpty() ? "nothing to change" : "changed " + String.join(", ", changed)));
    if (!waiting.isEmpty()) {
      Words.say("as before until a restart: " + String.join(", ", waiting));
    }
  }
}
