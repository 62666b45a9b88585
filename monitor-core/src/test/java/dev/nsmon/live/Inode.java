package dev.nsmon.live;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.function.BooleanSupplier;

/// The number of a namespace that has ended. The kernel gives the lowest one that is free to the
/// next namespace of whatever type, which may be one of another process of the host.
final class Inode {
  private static final int TRIES = 20;

  private Inode() {}

  /// Tries a story, with namespaces of its own each time, until the inode that it is about has come
  /// again where it needs it.
  ///
  /// @param story checks what it is to check and says true, or says false because another process
  ///   has got the inode
  static void untilItComesAgain(BooleanSupplier story) {
    for (int tries = 0; tries < TRIES; tries++) {
      if (story.getAsBoolean()) {
        return;
      }
    }
    abort("other processes of this host have got the inode " + TRIES + " times");
  }
}
