package dev.nsmon.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.nsmon.log.EventLog.Cursor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/// A log with room for two, to which four are appended, each by itself: a cursor that is too slow
/// is handed one `events-lost` with exactly the numbers that it missed, and all others in order.
/// The second is what was left when both had ended.
@JCStressTest
@Outcome(id = "none, lost\\(1..2\\)-3-4", expect = ACCEPTABLE, desc = "before the first append")
@Outcome(id = "1, lost\\(2..2\\)-3-4", expect = ACCEPTABLE, desc = "after the first")
@Outcome(id = "1-2, 3-4", expect = ACCEPTABLE, desc = "after the second: quick enough")
@Outcome(id = "lost\\(1..1\\)-2-3, 4", expect = ACCEPTABLE, desc = "after the third")
@Outcome(id = "lost\\(1..2\\)-3-4, none", expect = ACCEPTABLE, desc = "after the fourth")
@Outcome(expect = FORBIDDEN, desc = "a loss with other numbers, two of them, or an entry lost")
@State
public class SlowCursor {
  private final EventLog log = Taken.logOf(2);
  private final Cursor cursor = log.from(1);

  @Actor
  public void monitor() {
    for (int id = 1; id <= 4; id++) {
      log.append(Taken.event(id));
    }
  }

  @Actor
  public void reader(LL_Result r) {
    r.r1 = Taken.now(cursor);
  }

  @Arbiter
  public void rest(LL_Result r) {
    r.r2 = Taken.now(cursor);
  }
}
