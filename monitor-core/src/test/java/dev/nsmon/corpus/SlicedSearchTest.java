package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// A search for holders that takes longer than the monitor waits for it.
class SlicedSearchTest extends Scenario {
  private static final Duration SLICE = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(5);

  private List<String> holders(String name) {
    return subject.present().namespaces().stream()
        .filter(one -> words.byKey(one.key()).equals(name))
        .flatMap(one -> subject.present().holdersOf(one).stream())
        .map(one -> one.getClass().getSimpleName())
        .sorted()
        .toList();
  }

  /// The slice is over right before this call.
  private void sliceEndsBefore(String call) {
    kernel.before(call, () -> clock.advance(SLICE));
  }

  private void startsSliced(Duration slice) throws IOException {
    options = options.searchingInSlices(slice);
    begin();
    assertFalse(subject.isSearching());
    advance(Duration.ofSeconds(30));
  }

  private void goOn() throws IOException {
    assertTrue(subject.isSearching());
    advanceTo(subject.searchDueNanos());
    takeSearch();
  }

  @Test
  void whatTheKernelReportsMeanwhileIsTold() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    startsSliced(SLICE);
    host.mount(1, "/run/netns/blue", "net1");
    host.open(43, 5, "net1");
    sliceEndsBefore("readlink /proc/43/fd/5");
    search();
    assertEquals(List.of("Mount"), holders("net1"), "its own mounts the monitor knows at once");
    host.fork(1, 44, UTS);
    deliver();
    assertTrue(told().toString().contains("created uts"), told()::toString);
    events.clear();
    goOn();
    assertFalse(subject.isSearching());
    assertEquals(List.of("Descriptor", "Mount"), holders("net1"));
    isTrue();
  }

  /// What is held may pass from a process that is yet to be searched to one that has been.
  @Test
  void twoSearchesInARowShowAnEndAndOneDoesNot() throws IOException {
    if (kind.hasIds()) {
      return; // Ids can be asked.
    }
    host.fork(1, 42, NET);
    host.fork(1, 43);
    host.open(43, 5, "net1");
    startsSliced(SLICE);
    host.exit(42);
    deliver();
    settle();
    tells("left 42 net1");
    search();
    assertFalse(subject.isSearching());
    tells("");
    host.close(43, 5);
    host.fork(1, 45);
    host.openOther(45, 7);
    advance(Duration.ofSeconds(30));
    sliceEndsBefore("readlink /proc/45/fd/7");
    search();
    goOn();
    tells("");
    advance(Duration.ofSeconds(30));
    host.openOther(45, 8);
    sliceEndsBefore("readlink /proc/45/fd/8");
    search();
    goOn();
    tells("destroyed net1 gone last 42");
    isTrue();
  }

  @Test
  void processThatNeverAnswersForItsSocketIsLeftOut() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43, UTS);
    opensAndCloses = false;
    startsSliced(SHORT);
    List<String> standing = kernel.opened();
    CountDownLatch answers = new CountDownLatch(1);
    kernel.hang(6, answers);
    host.fork(1, 44);
    host.socket(42, 6);
    host.open(44, 5, "uts1");
    search();
    goOnUntil(() -> kernel.hangs);
    host.fork(1, 45, UTS);
    deliver();
    assertTrue(told().toString().contains("created uts"), told()::toString);
    events.clear();
    advance(Duration.ofSeconds(30));
    takeSearch();
    assertFalse(subject.isSearching(), "abandoned");
    assertEquals(List.of(), holders("uts1"));
    search();
    goOnUntil(() -> !subject.isSearching());
    assertEquals(List.of("Descriptor"), holders("uts1"));
    answers.countDown();
    // The next thread that searches has its own directory of /proc.
    await().until(() -> kernel.opened().size() == standing.size() + 1);
    isTrue();
  }

  private void goOnUntil(BooleanSupplier condition) {
    await()
        .until(
            () -> {
              if (subject.searchDueNanos() != Long.MAX_VALUE) {
                advanceTo(subject.searchDueNanos());
              }
              takeSearch();
              return condition.getAsBoolean();
            });
  }
}
