package dev.nsmon.procfs;

import dev.nsmon.namespace.Task;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;

/// The slots of all processes known, by pid. An array: a look goes through all of them in order,
/// and to move a few thousand references aside for a new one takes a microsecond.
final class Slots extends AbstractList<Slot> implements RandomAccess {
  private Slot[] slots = new Slot[0];
  private Slot[] spare = new Slot[0];
  private int count;

  @Override
  public Slot get(int index) {
    return slots[index];
  }

  @Override
  public int size() {
    return count;
  }

  /// The slot of this process; null if it has none.
  Slot find(int pid) {
    int index = search(pid);
    return index < 0 ? null : slots[index];
  }

  private int search(int pid) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int at = slots[middle].pid;
      if (at == pid) {
        return middle;
      }
      if (at < pid) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  /// Adds the slot of a process that has none.
  void insert(Slot slot) {
    int index = -1 - search(slot.pid);
    if (index < 0) {
      throw new IllegalStateException("process " + slot.pid + " has a slot");
    }
    if (count == slots.length) {
      slots = Arrays.copyOf(slots, count + count / 4 + 16);
    }
    System.arraycopy(slots, index, slots, index + 1, count - index);
    slots[index] = slot;
    count++;
  }

  /// Removes the slot of this process, if it has one.
  void forget(int pid) {
    int index = search(pid);
    if (index >= 0) {
      System.arraycopy(slots, index + 1, slots, index, --count - index);
      slots[count] = null;
    }
  }

  /// An array for at least so many slots, to be filled in order of pid and handed to [#replace].
  Slot[] next(int size) {
    return spare.length >= size ? spare : new Slot[size + size / 4];
  }

  /// Takes the first so many of an array for what there is now.
  void replace(Slot[] next, int kept) {
    // What is left in the old array must not keep alive what is gone.
    Arrays.fill(slots, 0, count, null);
    spare = slots;
    slots = next;
    count = kept;
  }

  /// All rows, a process before its threads.
  List<Task> rows() {
    int size = count;
    for (int i = 0; i < count; i++) {
      size += slots[i].threads.size();
    }
    Task[] rows = new Task[size];
    int row = 0;
    for (int i = 0; i < count; i++) {
      rows[row++] = slots[i].task;
      for (int j = 0; j < slots[i].threads.size(); j++) {
        rows[row++] = slots[i].threads.get(j).task();
      }
    }
    return Collections.unmodifiableList(Arrays.asList(rows));
  }
}
