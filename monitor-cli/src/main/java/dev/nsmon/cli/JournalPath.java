package dev.nsmon.cli;

import java.nio.file.Path;
import java.util.Map;

/// Where the journal is, if nobody says: the state directory that systemd has made for the service
/// (`systemd.exec(5)`), else that of the XDG base directory specification, and for root without one
/// `/var/lib/nsmon`.
final class JournalPath {
  private static final String NAME = "journal.db";

  private JournalPath() {}

  /// The one of this process.
  static Path standard() {
    return standard(
        System.getenv(),
        "root".equals(System.getProperty("user.name")),
        System.getProperty("user.home"));
  }

  /// The one of a process with this environment.
  static Path standard(Map<String, String> environment, boolean isRoot, String home) {
    String service = environment.getOrDefault("STATE_DIRECTORY", "");
    if (!service.isEmpty()) {
      // systemd separates several by colons.
      return Path.of(service.split(":", -1)[0], NAME);
    }
    // One that is not absolute is to be ignored, says the specification.
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    if (state.startsWith("/")) {
      return Path.of(state, "nsmon", NAME);
    }
    return isRoot
        ? Path.of("/var/lib/nsmon", NAME)
        : Path.of(home, ".local", "state", "nsmon", NAME);
  }
}
