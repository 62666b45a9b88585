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

/// A cursor that takes while the log grows is handed each entry once, in order, with no gap. The
/// third is what was left when both had ended.
@JCStressTest
@Outcome(id = "none, none, 1-2", expect = ACCEPTABLE, desc = "both takes before the first append")
@Outcome(id = "none, 1, 2", expect = ACCEPTABLE, desc = "the second between the appends")
@Outcome(id = "none, 1-2, none", expect = ACCEPTABLE, desc = "the second after both appends")
@Outcome(id = "1, none, 2", expect = ACCEPTABLE, desc = "both between the appends")
@Outcome(id = "1, 2, none", expect = ACCEPTABLE, desc = "one after each append")
@Outcome(id = "1-2, none, none", expect = ACCEPTABLE, desc = "both after both appends")
@Outcome(expect = FORBIDDEN, desc = "an entry lost, doubled or out of order")
@State
public class AppendAndTake {
  private final EventLog log = Taken.logOf(10);
  private final Cursor cursor = log.from(1);

  @Actor
  public void monitor() {
    log.append(Taken.event(1));
    log.append(Taken.event(2));
  }

  @Actor
  public void reader(LLL_Result r) {
    r.r1 = Taken.now(cursor);
    r.r2 = Taken.now(cursor);
  }

  @Arbiter
  public void rest(LLL_Result r) {
    r.r3 = Taken.now(cursor);
  }
}
