package dev.nsmon.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.nsmon.log.EventLog.Cursor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/// A cursor that waits is woken by an append and by the end, and is handed what is left before the
/// end. A wake-up that is lost is a test that does not end.
@JCStressTest
@Outcome(id = "1, end", expect = ACCEPTABLE, desc = "the entry, then the end")
@Outcome(expect = FORBIDDEN, desc = "the end before the entry")
@State
public class WaitingCursor {
  private final EventLog log = Taken.logOf(10);
  private final Cursor cursor = log.from(1);

  @Actor
  public void monitor() {
    log.append(Taken.event(1));
    log.close();
  }

  @Actor
  public void reader(LL_Result r) {
    r.r1 = Taken.waiting(cursor);
    r.r2 = Taken.waiting(cursor);
  }
}
