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

/// Two cursors of one log, taken from by two threads at the same time, one of which appends after
/// it: each is handed every entry once, whatever the other takes. What each is handed later stands
/// behind the stroke.
@JCStressTest
@Outcome(id = "1-2/3, 1-2/3", expect = ACCEPTABLE, desc = "the second before the append")
@Outcome(id = "1-2/3, 1-2-3/none", expect = ACCEPTABLE, desc = "the second after it")
@Outcome(expect = FORBIDDEN, desc = "one cursor took what was the other one's")
@State
public class TwoCursors {
  private final EventLog log = Taken.logOf(10);
  private final Cursor one = log.from(1);
  private final Cursor other = log.from(1);

  public TwoCursors() {
    log.append(Numbered.events(1, 2));
  }

  @Actor
  public void readerThatAppends(LL_Result r) {
    r.r1 = Taken.now(one);
    log.append(Taken.event(3));
  }

  @Actor
  public void reader(LL_Result r) {
    r.r2 = Taken.now(other);
  }

  @Arbiter
  public void rest(LL_Result r) {
    r.r1 = r.r1 + "/" + Taken.now(one);
    r.r2 = r.r2 + "/" + Taken.now(other);
  }
}
