package dev.nsmon.procfs;

import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.proc.Stat;
import dev.nsmon.proc.TaskReader;
import dev.nsmon.procfs.Known.Place;

/// Decides whether a pid still, or again, belongs to the process that a slot has, and reads what is
/// to be told of it. A process is named by pid and start time; as long as neither it nor its place
/// changes, that is not read.
final class Identifier {
  private final ScanSettings settings;
  private final TaskReader reader;
  private long previousTicks;
  private boolean readAll;

  Identifier(ScanSettings settings, TaskReader reader) {
    this.settings = settings;
    this.reader = reader;
  }

  /// A look begins.
  ///
  /// @param previousTicks when the one before listed the processes, in ticks since boot
  /// @param readAll whether to read again what is known already
  void begin(long previousTicks, boolean readAll) {
    this.previousTicks = previousTicks;
    this.readAll = readAll;
  }

  private boolean isOld(Slot slot, Stat read) {
    return slot.ranTicks >= 0 ? slot.isAsOldAs(read) : read.startTicks() <= previousTicks;
  }

  /// @param same whether it is the process that the slot already has
  record Identity(boolean same, ProcessInfo info) {}

  /// Who this is; null if it has gone. Reads nothing of a process that has the directory inode it
  /// had and is no news.
  Identity identify(Slot slot, int directory, boolean same, Place place, Stat stat) {
    boolean news =
        switch (settings.describe()) {
          case NONE -> false;
          case NEWS -> !place.set.isInitial();
          case ALL -> true;
        };
    ProcessInfo info = slot.task == null ? ProcessInfo.UNKNOWN : slot.task.info();
    boolean described = info.startTicks() >= 0;
    boolean refresh = news && (!described || slot.fresh || readAll);
    boolean moved = slot.task != null && slot.place != place;
    if (same && !refresh && !moved) {
      slot.fresh = false;
      return new Identity(true, info);
    }
    if (!news && slot.task == null && stat == null && place != Slot.NOWHERE) {
      return new Identity(false, ProcessInfo.UNKNOWN);
    }
    Stat read = stat != null ? stat : reader.stat(directory).orElse(null);
    if (read == null) {
      // What can't be read is not known to be another.
      return reader.hasGone() ? null : new Identity(slot.task != null, info);
    }
    // A process whose start was never read is the one of the last look if it is as old.
    boolean stillSame =
        slot.task != null
            && (slot.startTicks >= 0
                ? slot.startTicks == read.startTicks()
                : same || isOld(slot, read));
    slot.startTicks = read.startTicks();
    slot.exitsUnseen = read.isExiting() && (!stillSame || slot.exitsUnseen);
    slot.fresh = news && !stillSame;
    boolean tell = news || moved;
    return new Identity(
        stillSame, tell ? reader.info(directory, read) : stillSame ? info : ProcessInfo.UNKNOWN);
  }
}
