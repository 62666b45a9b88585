package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The slots by pid, against a map.
class SlotsTest {
  private final Slots slots = new Slots();

  private static Slot slot(int pid, int... tids) {
    Slot slot = new Slot(pid);
    slot.task = task(pid, 0);
    List<ThreadSlot> threads = new ArrayList<>();
    for (int tid : tids) {
      threads.add(new ThreadSlot(task(pid, tid), Slot.NOWHERE));
    }
    slot.threads = threads;
    return slot;
  }

  private static Task task(int pid, int tid) {
    return new Task(pid, tid, pid, Task.State.LIVE, NamespaceSet.NONE, ProcessInfo.UNKNOWN);
  }

  private void insert(int... pids) {
    for (int pid : pids) {
      slots.insert(slot(pid));
    }
  }

  private static List<Integer> pids(List<Slot> of) {
    return of.stream().map(slot -> slot.pid).toList();
  }

  @Test
  void theyAreInOrderOfPidsWhateverTheOrderTheyCameIn() {
    insert(5, 1, 9, 3, 7);
    assertEquals(List.of(1, 3, 5, 7, 9), pids(slots));
  }

  @Test
  void onlyThoseThatAreThereAreFound() {
    assertNull(slots.find(1));
    insert(5, 1, 9);
    for (int pid : new int[] {1, 5, 9}) {
      assertEquals(pid, slots.find(pid).pid);
    }
    for (int pid : new int[] {0, 2, 6, 10}) {
      assertNull(slots.find(pid));
    }
  }

  @Test
  void processHasOneSlot() {
    insert(5);
    assertThrows(IllegalStateException.class, () -> insert(5));
    assertEquals(List.of(5), pids(slots));
  }

  @Test
  void whatIsForgottenIsNotFoundAndWhatIsNotThereNotMissed() {
    insert(1, 5, 9);
    slots.forget(5);
    slots.forget(6);
    assertNull(slots.find(5));
    assertEquals(List.of(1, 9), pids(slots));
    slots.forget(9);
    slots.forget(1);
    assertEquals(List.of(), pids(slots));
  }

  @Test
  void rowsOfThreadsFollowTheirProcess() {
    slots.insert(slot(9, 70, 80));
    slots.insert(slot(1));
    slots.insert(slot(5, 6));
    List<String> rows = slots.rows().stream().map(row -> row.pid() + "/" + row.tid()).toList();
    assertEquals(List.of("1/0", "5/0", "5/6", "9/0", "9/70", "9/80"), rows);
  }

  @Test
  void rowsDoNotChangeWithTheSlots() {
    insert(1, 5);
    List<Task> rows = slots.rows();
    slots.forget(1);
    insert(3);
    assertEquals(List.of(1, 5), rows.stream().map(Task::pid).toList());
    assertThrows(UnsupportedOperationException.class, () -> rows.set(0, null));
  }

  @Test
  void arrayThatWasReplacedServesTheNextTimeAndHoldsNothing() {
    insert(1, 5, 9);
    Slot[] next = slots.next(3);
    next[0] = slots.get(1);
    next[1] = slot(7);
    slots.replace(next, 2);
    assertEquals(List.of(5, 7), pids(slots));
    Slot[] spare = slots.next(3);
    for (Slot slot : spare) {
      assertNull(slot);
    }
    spare[0] = slots.get(0);
    slots.replace(spare, 1);
    assertSame(next, slots.next(2));
    for (Slot slot : next) {
      assertNull(slot);
    }
  }

  @Test
  void nextArrayHasRoomForAllAsked() {
    assertTrue(slots.next(1).length >= 1);
    insert(1, 2, 3);
    slots.replace(slots.next(0), 0);
    assertTrue(slots.next(1000).length >= 1000);
    insert(4);
    assertEquals(List.of(4), pids(slots));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theyAreAMapByPid(long seed) {
    Random random = new Random(seed);
    TreeMap<Integer, Slot> model = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      int pid = random.nextInt(100);
      switch (random.nextInt(20)) {
        case 0 -> {
          Slot[] next = slots.next(model.size());
          int kept = 0;
          for (Slot slot : slots) {
            if (random.nextBoolean()) {
              next[kept++] = slot;
            } else {
              model.remove(slot.pid);
            }
          }
          slots.replace(next, kept);
        }
        case 1, 2, 3, 4, 5, 6, 7, 8 -> {
          slots.forget(pid);
          model.remove(pid);
        }
        default -> {
          if (!model.containsKey(pid)) {
            model.put(pid, slot(pid));
            slots.insert(model.get(pid));
          }
        }
      }
      assertEquals(List.copyOf(model.values()), slots, () -> "seed " + seed);
      assertSame(model.get(pid), slots.find(pid), () -> "seed " + seed);
    }
  }
}
