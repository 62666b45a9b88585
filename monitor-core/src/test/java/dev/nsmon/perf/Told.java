package dev.nsmon.perf;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.util.ArrayList;
import java.util.List;

/// What a sieve hands over of the records in some rings, in short words.
final class Told {
  final Sieve sieve;

  Told(boolean everything) {
    this(initial(), everything);
  }

  Told(Inodes initial, boolean everything) {
    sieve = new Sieve(initial, everything);
  }

  /// The inodes of [FakeRing#INITIAL], and of a time namespace.
  static Inodes initial() {
    long[] byType = new long[NamespaceType.values().length];
    byType[NamespaceType.NET.ordinal()] = 11;
    byType[NamespaceType.UTS.ordinal()] = 12;
    byType[NamespaceType.IPC.ordinal()] = 13;
    byType[NamespaceType.PID.ordinal()] = 14;
    byType[NamespaceType.USER.ordinal()] = 15;
    byType[NamespaceType.MNT.ordinal()] = 16;
    byType[NamespaceType.CGROUP.ordinal()] = 17;
    byType[NamespaceType.TIME.ordinal()] = 18;
    return new Inodes(byType);
  }

  List<KernelRecord> records(long until, FakeRing... rings) {
    PerfRing[] read = new PerfRing[rings.length];
    for (int i = 0; i < rings.length; i++) {
      read[i] = rings[i].ring;
    }
    RingMerge.drain(read, until, sieve);
    return sieve.drainRecords();
  }

  List<String> of(long until, FakeRing... rings) {
    List<String> words = new ArrayList<>();
    for (KernelRecord record : records(until, rings)) {
      words.add(record.nanos() + " " + record.pid() + "/" + record.tid() + " " + what(record));
    }
    return words;
  }

  private static String what(KernelRecord record) {
    return switch (record) {
      case Forked forked -> "forked by " + forked.parent() + named(forked.comm());
      case Moved moved -> "moved, child of " + moved.parent() + named(moved.comm());
      case Executed executed -> "executed" + named(executed.comm());
      case Exited _ -> "exited";
    };
  }

  private static String named(String comm) {
    return comm.isEmpty() ? "" : ", " + comm;
  }
}
