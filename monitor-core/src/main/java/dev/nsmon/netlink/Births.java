package dev.nsmon.netlink;

import java.util.Arrays;

/// Processes that began within one drain, numbered from 0, with the number of live threads of each.
/// A pid can begin more than once; the latest counts. It is a hash table of primitive ints, because
/// boxed keys would be most of the garbage in a fork storm. One thread only.
final class Births {
  private static final int FIRST_SIZE = 256;

  private int[] pids = new int[FIRST_SIZE];
  private int[] alive = new int[FIRST_SIZE];
  private boolean[] kept = new boolean[FIRST_SIZE];

  /// The slot in [#table] of each birth, so that [#clear] touches only used slots.
  private int[] slots = new int[FIRST_SIZE];

  /// Open-addressing hash table by pid: number of the birth plus one, 0 for a free slot. At least
  /// twice as long as the other arrays.
  private int[] table = new int[FIRST_SIZE * 2];

  private int count;

  /// Adds a new process with one thread and returns its number.
  ///
  /// @param keep deliver its records even if it ends within the same drain
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

  /// The number of the latest process with this pid; -1 if none began in this drain.
  int find(int pid) {
    return table[slotOf(pid)] - 1;
  }

  /// Adjusts the number of its live threads: 1 for a begun thread, -1 for an exited one.
  void threads(int birth, int change) {
    alive[birth] += change;
  }

  /// True if all its threads have exited and its records are not to be kept: they are dropped.
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

  /// The slot of this pid, or the free slot where it belongs.
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
