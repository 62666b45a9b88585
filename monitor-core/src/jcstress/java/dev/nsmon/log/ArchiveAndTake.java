package dev.nsmon.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.nsmon.log.EventLog.Cursor;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/// A durable log whose memory has room for one: what memory holds no more is read from the archive,
/// so that nothing is lost; what is not in the archive yet is not handed out. The second is all
/// that was left when both had ended, by as many takes as it needs.
@JCStressTest
@Outcome(id = "none, 1-2-3", expect = ACCEPTABLE, desc = "before the first is in the archive")
@Outcome(id = "1, 2-3", expect = ACCEPTABLE, desc = "after the first")
@Outcome(id = "1-2, 3", expect = ACCEPTABLE, desc = "after the second")
@Outcome(id = "1-2-3, none", expect = ACCEPTABLE, desc = "after the third")
@Outcome(expect = FORBIDDEN, desc = "an entry lost, or handed out before it was kept")
@State
public class ArchiveAndTake {
  private final ConcurrentSkipListMap<Long, Entry> archive = new ConcurrentSkipListMap<>();
  private final EventLog log =
      EventLog.durable("stream", 1, 1, Taken.CLOCK, (from, max) -> readArchive(from));
  private final Cursor cursor = log.from(1);

  private List<Entry> readArchive(long from) {
    return List.copyOf(archive.tailMap(from).values());
  }

  @Actor
  public void monitor() {
    for (long id = 1; id <= 3; id++) {
      log.append(Taken.event(id));
      archive.put(id, new Entry(id, Numbered.event(id)));
      log.keptBelow(id + 1);
    }
  }

  @Actor
  public void reader(LL_Result r) {
    r.r1 = Taken.now(cursor);
  }

  @Arbiter
  public void rest(LL_Result r) {
    String rest = Taken.now(cursor);
    String more = rest.equals("none") ? rest : Taken.now(cursor);
    r.r2 = more.equals("none") ? rest : rest + "-" + more;
  }
}
