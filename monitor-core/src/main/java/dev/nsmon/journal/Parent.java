package dev.nsmon.journal;

import java.time.Duration;

/// Supervises the threads of the journal. A thread reports a failure that is not a disk fault, and
/// gets the delay before its next start. Called by the thread that has failed.
public interface Parent {
  /// Ignores failures. The delay is one second.
  Parent NONE =
      new Parent() {
        @Override
        public Duration failed(Throwable cause) {
          return Duration.ofSeconds(1);
        }

        @Override
        public void works() {}
      };

  /// Reports a failure of the calling thread, which is a bug or a lack of memory.
  ///
  /// @return delay before the next start
  Duration failed(Throwable cause);

  /// Reports that the thread works again, also after a disk fault.
  void works();
}
