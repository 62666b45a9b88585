package dev.nsmon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Names of local users (`passwd(5)`), read once. Directory services are not asked: a list of
/// namespaces should not wait for a network.
final class Users {
  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    try {
      // A user's full name may be in any character set.
      String file = Files.readString(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1);
      file.lines().forEach(Users::add);
    } catch (IOException e) {
      // Then uids are shown as numbers.
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

  /// The user's name, or the number where there is none; empty for -1, which is unknown.
  static String name(int uid) {
    return uid == -1 ? "" : NAMES.getOrDefault(uid, Integer.toUnsignedString(uid));
  }
}
