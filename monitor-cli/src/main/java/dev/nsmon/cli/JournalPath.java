package dev.nsmon.cli;

import java.nio.file.Path;
import java.util.Map;

/// The default path of the journal. The first that applies:
///
/// 1. the state directory that systemd made for the service, `STATE_DIRECTORY` (`systemd.exec(5)`)
/// 2. `XDG_STATE_HOME/nsmon`, if that variable is set (XDG base directory specification)
/// 3. `/var/lib/nsmon` for root
/// 4. `~/.local/state/nsmon`
final class JournalPath {
  private static final String NAME = "journal.db";

  private JournalPath() {}

  /// The default path for this process.
  static Path standard() {
    return standard(
        System.getenv(),
        "root".equals(System.getProperty("user.name")),
        System.getProperty("user.home"));
  }

  /// The default path for a process with this environment.
  static Path standard(Map<String, String> environment, boolean isRoot, String home) {
    String service = environment.getOrDefault("STATE_DIRECTORY", "");
    if (!service.isEmpty()) {
      // systemd separates several directories by colons.
      return Path.of(service.split(":", -1)[0], NAME);
    }
    // The specification says that a relative path must be ignored.
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    if (state.startsWith("/")) {
      return Path.of(state, "nsmon", NAME);
    }
    return isRoot
        ? Path.of("/var/lib/nsmon", NAME)
        : Path.of(home, ".local", "state", "nsmon", NAME);
  }
}
