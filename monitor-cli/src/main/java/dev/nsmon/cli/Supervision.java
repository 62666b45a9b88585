package dev.nsmon.cli;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Supervisor;

/// Creates the supervisor of this process, which prints failures on stderr and can end the process.
final class Supervision {
  private Supervision() {}

  /// Creates the supervisor and installs it as the JVM's handler of uncaught exceptions.
  static Supervisor of(HostClock clock) {
    Supervisor supervisor =
        new Supervisor(Words::say, new OfProcess(), clock::sleep, clock::nanoTime);
    Thread.setDefaultUncaughtExceptionHandler(supervisor::uncaught);
    return supervisor;
  }

  /// Ends the process with exit code 1.
  private static final class OfProcess implements Supervisor.Exit {
    @Override
    public void orderly() {
      // On a thread of its own: shutdown hooks may wait for the thread that has failed.
      Thread.ofPlatform().name("end").start(() -> System.exit(ExitCode.FAILURE));
    }

    @Override
    public void now() {
      Runtime.getRuntime().halt(ExitCode.FAILURE);
    }
  }
}
