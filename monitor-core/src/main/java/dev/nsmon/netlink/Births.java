package dev.nsmon.netlink;

import java.util.Arrays;

/// The processes that began within one drain, numbered from 0, and how many threads of each live. A
/// pid can begin more than once; the last one counts. A hash table of its own, since a map of boxed
/// numbers would be most of the garbage of a fork storm. One thread only.
final class Births {
  private static final int FIRST_SIZE = 256;

  private int[] pids = new int[FIRST_SIZE];
  private int[] alive = new int[FIRST_SIZE];
  private boolean[] kept = new boolean[FIRST_SIZE];

  /// The slot of each birth in the table, so that the table is emptied slot by slot.
  private int[] slots = new int[FIRST_SIZE];

  /// Number of a birth and one; 0 where there is none. Twice as long as the others, at least.
  private int[] table = new int[FIRST_SIZE * 2];

  private int count;

  /// A process has begun, with one thread: its number.
  ///
  /// @param keep whether its records are handed over even if it has ended again
  int begin(int pid, boolean keep) {
    if (count == pids.length) {
      grow();
    }
    pids[count] = pid;
    alive[count] = 1;
    kept[count] = keep;
    enter(count);
    return count++;
  }

  /// The number of the process that has this pid; -1 if it did not begin in this drain.
  int find(int pid) {
    return table[slotOf(pid)] - 1;
  }

  /// One of its threads has begun (1) or ended (-1).
  void threads(int birth, int change) {
    alive[birth] += change;
  }

  /// Whether all its threads have ended and nobody asks for it.
  boolean isDismissed(int birth) {
    return alive[birth] <= 0 && !kept[birth];
  }

  void clear() {
    for (int i = 0; i < count; i++) {
      table[slots[i]] = 0;
    }
    count = 0;
  }

  private void enter(int birth) {
    int slot = slotOf(pids[birth]);
    table[slot] = birth + 1;
    slots[birth] = slot;
  }

  /// The slot that has this pid, or the free one where it would be.
  private int slotOf(int pid) {
    int mask = table.length - 1;
    int slot = ((pid * 0x9E37_79B1) >>> 7) & mask;
    while (table[slot] != 0 && pids[table[slot] - 1] != pid) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    pids = Arrays.copyOf(pids, count * 2);
    alive = Arrays.copyOf(alive, count * 2);
    kept = Arrays.copyOf(kept, count * 2);
    slots = Arrays.copyOf(slots, count * 2);
    table = new int[count * 4];
    for (int i = 0; i < count; i++) {
      enter(i);
    }
  }
}
