package dev.nsmon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Names of local users, read once from `/etc/passwd` (`passwd(5)`). NSS is not used, since a
/// directory service would make the command wait for the network.
final class Users {
  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    try {
      // A user's full name may be in any character set.
      String file = Files.readString(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1);
      file.lines().forEach(Users::add);
    } catch (IOException e) {
      // Uids are shown as numbers then.
    }
  }

  private Users() {}

  private static void add(String line) {
    int name = line.indexOf(':');
    int password = line.indexOf(':', name + 1);
    int uid = line.indexOf(':', password + 1);
    if (name > 0 && password > 0 && uid > 0) {
      String number = line.substring(password + 1, uid);
      if (number.matches("[0-9]{1,9}")) {
        NAMES.putIfAbsent(Integer.valueOf(number), line.substring(0, name));
      }
    }
  }

  /// The name of a user; the uid in decimal if it has none; "" for -1, an unknown uid.
  static String name(int uid) {
    return uid == -1 ? "" : NAMES.getOrDefault(uid, Integer.toUnsignedString(uid));
  }
}
