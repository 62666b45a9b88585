package dev.nsmon.journal;

import java.time.Duration;

/// Learns when a thread of the journal fails by anything but a fault of the disk, and says how long
/// to wait before it is started again. Called by the thread that has failed.
public interface Parent {
  /// Of a journal that nobody looks after.
  Parent NONE =
      new Parent() {
        @Override
        public Duration failed(Throwable cause) {
          return Duration.ofSeconds(1);
        }

        @Override
        public void works() {}
      };

  /// It has failed, which is a bug or a lack of memory.
  ///
  /// @return how long to wait
  Duration failed(Throwable cause);

  /// It works again.
  void works();
}
