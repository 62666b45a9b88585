package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.push.KernelRecord;
import java.util.List;

/// The tasks that can be asked in `/proc` about what a record says, at the record that is being
/// taken in. What it opens is closed with the next one.
final class Witnesses implements ReportedPlaces.Witness {
  private static final int NOT_OPENED = -2;
  private static final int NONE = -1;

  private final ProcFs proc;
  private final Departures departures;
  private List<KernelRecord> batch = List.of();
  private Lookahead lookahead = new Lookahead(batch);
  private int index;
  private int own = NOT_OPENED;
  private KernelRecord other;
  private int otherDirectory = NONE;

  Witnesses(Scan scan) {
    this.proc = scan.proc;
    this.departures = new Departures(scan);
  }

  /// A batch begins.
  void begin(List<KernelRecord> records) {
    batch = records;
    lookahead = new Lookahead(records);
  }

  /// Goes on to the record with this index.
  void at(int next) {
    close();
    index = next;
    own = NOT_OPENED;
  }

  /// The directory of the record's own thread, if it is where the record put it; else below zero.
  int own() {
    if (own == NOT_OPENED) {
      own = lookahead.stays(index) ? open(batch.get(index)) : NONE;
    }
    return own;
  }

  /// What has the record's number now is another thread.
  void disown() {
    if (own >= 0) {
      proc.libc().close(own);
    }
    own = NONE;
  }

  @Override
  public int directory(NamespaceLink link, long inode) {
    if (own() >= 0 || link.ordinal() >= NamespaceLink.MEMBERSHIPS) {
      return own;
    }
    KernelRecord member = lookahead.member(index, link.type(), inode);
    if (member == null || member == batch.get(index)) {
      return NONE;
    }
    if (member != other) {
      closeOther();
      other = member;
      otherDirectory = open(member);
    }
    return otherDirectory;
  }

  @Override
  public boolean isDeserted(Known known, boolean gone) {
    return departures.areMoves(batch, index, known) || (gone && departures.haveMoved(known));
  }

  private int open(KernelRecord record) {
    return record.tid() == record.pid()
        ? proc.openProcess(record.pid())
        : proc.openThread(record.pid(), record.tid());
  }

  /// Closes what is open.
  void close() {
    disown();
    closeOther();
  }

  private void closeOther() {
    if (otherDirectory >= 0) {
      proc.libc().close(otherDirectory);
    }
    other = null;
    otherDirectory = NONE;
  }
}
