package dev.nsmon.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.nsmon.log.EventLog.Cursor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/// A log that is closed while another thread appends: the append is accepted and handed out before
/// the end, or refused. The third is what was left when both had ended.
@JCStressTest
@Outcome(id = "accepted, 1, end", expect = ACCEPTABLE, desc = "appended first")
@Outcome(id = "refused, end, end", expect = ACCEPTABLE, desc = "closed first")
@Outcome(expect = FORBIDDEN, desc = "an entry after the end, or an accepted one lost")
@State
public class CloseAndTake {
  private final EventLog log = Taken.logOf(10);
  private final Cursor cursor = log.from(1);

  @Actor
  public void monitor(LLL_Result r) {
    try {
      log.append(Taken.event(1));
      r.r1 = "accepted";
    } catch (IllegalStateException e) {
      r.r1 = "refused";
    }
  }

  @Actor
  public void reader(LLL_Result r) {
    log.close();
    r.r2 = Taken.now(cursor);
  }

  @Arbiter
  public void rest(LLL_Result r) {
    r.r3 = Taken.now(cursor);
  }
}
