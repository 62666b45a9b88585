package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the rest of a batch says of the task of its first record.
///
/// Records in few words: `fork 7 net:5` has process 7 begin in net:5, `fork 7/8` is its thread 8;
/// and so on with `move`, `exec` and `exit`.
class LookaheadTest {

  private static List<KernelRecord> batch(String records) {
    List<KernelRecord> batch = new ArrayList<>();
    for (String record : records.split(",", -1)) {
      String[] words = record.strip().split(" ", -1);
      String[] task = words[1].split("/", -1);
      int pid = Integer.parseInt(task[0]);
      int tid = Integer.parseInt(task[task.length - 1]);
      Inodes inodes = words.length < 3 ? Inodes.NONE : inodes(words[2]);
      batch.add(
          switch (words[0]) {
            case "fork" -> new Forked(batch.size(), pid, tid, 1, "", inodes);
            case "move" -> new Moved(batch.size(), pid, tid, 1, "", inodes);
            case "exec" -> new Executed(batch.size(), pid, tid, "sh");
            case "exit" -> new Exited(batch.size(), pid, tid);
            default -> throw new IllegalArgumentException(record);
          });
    }
    return batch;
  }

  private static Inodes inodes(String names) {
    long[] inodes = new long[NamespaceType.values().length];
    for (String name : names.split("\\+", -1)) {
      String[] parts = name.split(":", -1);
      NamespaceType type = NamespaceType.byKernelName(parts[0]).orElseThrow();
      inodes[type.ordinal()] = Long.parseLong(parts[1]);
    }
    return new Inodes(inodes);
  }

  @ParameterizedTest(name = "{2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true  | true  | nothing more              | fork 7 net:5
          true  | true  | exec                      | fork 7 net:5, exec 7
          false | true  | moves                     | fork 7 net:5, move 7 net:6
          false | true  | moves back                | move 7 net:5, move 7 net:6, move 7 net:5
          false | true  | moves what no record names| move 7 net:5, move 7 net:5
          false | false | exits                     | fork 7 net:5, exit 7
          false | false | moves and exits           | fork 7 net:5, move 7 net:6, exit 7
          false | false | exec and exits            | fork 7 net:5, exec 7, exit 7
          false | false | its exit went unreported  | fork 7 net:5, fork 7 net:6
          true  | true  | another does              | fork 7 net:5, move 8 net:5, exit 8, fork 9 net:5
          true  | true  | its thread does           | fork 7 net:5, fork 7/8 net:5, move 7/8 net:6, exit 7/8
          true  | true  | its main thread does      | move 7/8 net:5, move 7 net:6, exit 7
          false | false | the thread exits          | move 7/8 net:5, exit 7/8
          false | true  | the thread moves          | move 7/8 net:5, move 7/8 net:6
          true  | true  | a thread of that number   | fork 8 net:5, exit 7/8
          true  | true  | it forks                  | fork 7 net:5, fork 8 net:5
          """)
  void staysAndSurvives(boolean stays, boolean survives, String why, String records) {
    Lookahead lookahead = new Lookahead(batch(records));
    assertEquals(stays, lookahead.stays(0), () -> "stays: " + why);
    assertEquals(survives, lookahead.survives(0), () -> "survives: " + why);
  }

  @Test
  void whatWasBeforeDoesNotCount() {
    Lookahead lookahead = new Lookahead(batch("exit 7, fork 7 net:5, move 7 net:6"));
    assertEquals(List.of(false, false, true), stays(lookahead, 3));
  }

  private static List<Boolean> stays(Lookahead lookahead, int size) {
    List<Boolean> stays = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      stays.add(lookahead.stays(i));
    }
    return stays;
  }

  /// Which record of the batch is of a member of `net:5` now, in which its first has put its own
  /// task; -1 if none is known to be.
  @ParameterizedTest(name = "{1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0  | itself                          | fork 7 net:5
          0  | the first of two                | fork 7 net:5, fork 8 net:5
          0  | whatever it execs               | fork 7 net:5, exec 7
          0  | another type moves              | fork 7 net:5, move 7 net:5+uts:6
          -1 | it exits                        | fork 7 net:5, exit 7
          -1 | it moves                        | fork 7 net:5, move 7 net:6
          1  | it exits, its child stays       | fork 7 net:5, fork 8 net:5, exit 7
          1  | it moves, its child stays       | move 7 net:5, fork 8 net:5, move 7 net:6
          1  | it exits, who came in stays     | fork 7 net:5, move 8 net:5, exit 7
          1  | its thread stays                | move 7 net:5, fork 7/8 net:5, exit 7
          3  | the last of a chain             | fork 7 net:5, fork 8 net:5, exit 7, fork 9 net:5, exit 8
          -1 | a chain that ends               | fork 7 net:5, fork 8 net:5, exit 7, exit 8
          -1 | the inode is used again         | fork 7 net:5, exit 7, move 8 net:5
          -1 | the inode is used again by it   | move 7 net:5, move 7 net:6, move 7 net:5
          -1 | used again when all had left    | fork 7 net:5, fork 8 net:5, exit 8, exit 7, fork 9 net:5
          -1 | another type has the inode      | fork 7 net:5, exit 7, move 8 uts:5
          -1 | another type had it all along   | move 7 net:5, fork 8 uts:5, exit 7
          -1 | the pid is used again elsewhere | fork 7 net:5, fork 7 net:6
          -1 | the other moves on              | fork 7 net:5, fork 8 net:5, exit 7, move 8 net:6
          -1 | no inode is named               | fork 7 net:5, fork 8, exit 7
          """)
  void member(int expected, String why, String records) {
    List<KernelRecord> batch = batch(records);
    KernelRecord member = new Lookahead(batch).member(0, NamespaceType.NET, 5);
    if (expected < 0) {
      assertNull(member, why);
    } else {
      // Where a task has a later record that puts it there too, either will do.
      assertEquals(batch.get(expected).tid(), member.tid(), why);
    }
  }

  @Test
  void memberIsWhereTheRecordHasPutItNotWhereTheBatchBegan() {
    List<KernelRecord> batch =
        batch("fork 7 net:5, exit 7, move 8 net:5, fork 9 net:5, exit 8, exec 9");
    assertSame(batch.get(3), new Lookahead(batch).member(2, NamespaceType.NET, 5));
    assertSame(batch.get(3), new Lookahead(batch).member(3, NamespaceType.NET, 5));
  }

  @Test
  void whatIsTooFarAwayToLookAtIsTakenToHaveChanged() {
    List<KernelRecord> batch = batch("fork 7 net:5");
    for (int i = 0; i < 1024; i++) {
      batch.add(new Executed(i, 8, 8, "sh"));
    }
    Lookahead near = new Lookahead(batch);
    assertEquals(true, near.stays(0));
    assertSame(batch.getFirst(), near.member(0, NamespaceType.NET, 5));
    batch.add(new Executed(0, 8, 8, "sh"));
    Lookahead far = new Lookahead(batch);
    assertEquals(false, far.stays(0));
    assertEquals(false, far.survives(0));
    assertNull(far.member(0, NamespaceType.NET, 5));
  }
}
