package dev.nsmon.guest;

import java.util.List;
import java.util.regex.Pattern;

/// A Linux kernel that nsmon is tested on, chosen as the newest of a kind that a suite of Debian
/// has.
///
/// @param name as the tests and `known.txt` call it
/// @param suite the suite of Debian that has it
/// @param packages names of the packages to choose from
record Kernel(String name, String suite, Pattern packages) {
  static final Kernel V5_10 = of("5.10", "bullseye", "5\\.10\\.");
  static final Kernel V6_1 = of("6.1", "bookworm", "6\\.1\\.");
  static final Kernel V6_12 = of("6.12", "trixie", "6\\.12\\.");
  static final Kernel V6_19 = of("6.19", "trixie-backports", "6\\.19\\.");

  /// Whichever of 7.x is the newest.
  static final Kernel V7 = of("7", "trixie-backports", "7\\.");

  static final List<Kernel> ALL = List.of(V5_10, V6_1, V6_12, V6_19, V7);

  private static Kernel of(String name, String suite, String version) {
    String packages = "linux-image-" + version + "[^-]*(-\\d+)?-cloud-amd64";
    return new Kernel(name, suite, Pattern.compile(packages));
  }
}
