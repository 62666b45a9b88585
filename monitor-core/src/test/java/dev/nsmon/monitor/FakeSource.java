package dev.nsmon.monitor;

import dev.nsmon.push.Push;
import dev.nsmon.push.PushSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A push source that says what a test has it say: no kernel loses records, or goes away, on
/// demand. Any thread.
final class FakeSource implements PushSource {
  private final Optional<String> refusal;
  private final List<Integer> followed = new ArrayList<>();
  private Consumer<Push> out;
  private int closed;

  private FakeSource(Optional<String> refusal) {
    this.refusal = refusal;
  }

  static FakeSource granted() {
    return new FakeSource(Optional.empty());
  }

  /// One that the kernel does not grant, for this reason.
  static FakeSource refused(String why) {
    return new FakeSource(Optional.of(why));
  }

  @Override
  public synchronized void start(Consumer<Push> to) throws IOException {
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    out = to;
  }

  synchronized void say(Push push) {
    out.accept(push);
  }

  synchronized boolean isStarted() {
    return out != null;
  }

  @Override
  public synchronized void follow(int[] pids) {
    Arrays.stream(pids).forEach(followed::add);
  }

  synchronized List<Integer> followed() {
    return List.copyOf(followed);
  }

  @Override
  public synchronized void close() {
    closed++;
  }

  synchronized int closed() {
    return closed;
  }
}
