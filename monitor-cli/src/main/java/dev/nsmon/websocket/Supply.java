package dev.nsmon.websocket;

import dev.nsmon.event.EventFilter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// What a client is to be sent: what it was given, and then what the ring has from its place on,
/// without what its filter hides. Lives on the client's event loop.
final class Supply {
  /// A filter may let pass much in small pieces.
  private static final int MOST_PIECES = 16;

  private final FrameRing ring;

  /// Null for one that lets all pass.
  private final EventFilter filter;

  private final LongConsumer behind;

  /// What is being sent, and the first frame of it that was not; null if there is nothing.
  private Segment segment;

  private int index;

  /// What was given to be sent besides the ring, from the next on; null if nothing was.
  private List<Segment> given;

  private int nextGiven;
  private CompletableFuture<Boolean> taken;

  /// Whether it goes along with the ring.
  private boolean following;

  private long next;

  /// @param behind is told the number to go on with where the ring has no more what would follow
  Supply(FrameRing ring, EventFilter filter, LongConsumer behind) {
    this.ring = ring;
    this.filter = filter.equals(EventFilter.ALL) ? null : filter;
    this.behind = behind;
  }

  /// All before this number is there.
  void has(long from) {
    next = from;
  }

  /// These come next; then it completes.
  void give(List<Segment> segments, CompletableFuture<Boolean> done) {
    given = segments;
    nextGiven = 0;
    taken = done;
  }

  /// What comes next is what the ring has from this number on.
  void follow(long from) {
    next = from;
    following = true;
  }

  boolean isFollowing() {
    return following;
  }

  /// The number that is to be sent next.
  long next() {
    return next;
  }

  /// Whether there is something to be sent now.
  boolean isReady() {
    while (segment != null || begin()) {
      // Before the count, which is final then.
      boolean sealed = segment.isSealed();
      int count = segment.count();
      while (following && index < count && segment.entry(index).seq() < next) {
        index++;
      }
      if (index < count) {
        return true;
      }
      if (!sealed) {
        return false;
      }
      drop();
    }
    return false;
  }

  /// Finds what comes next; false if there is nothing now.
  private boolean begin() {
    if (given != null) {
      if (nextGiven < given.size()) {
        segment = given.get(nextGiven++);
        index = 0;
        return true;
      }
      CompletableFuture<Boolean> done = taken;
      given = null;
      taken = null;
      done.complete(true);
      return false;
    }
    if (!following) {
      return false;
    }
    if (!ring.covers(next)) {
      following = false;
      behind.accept(next);
      return false;
    }
    Optional<Segment> found = ring.find(next);
    if (found.isEmpty()) {
      return false;
    }
    segment = found.get();
    index = segment.indexOf(next);
    return true;
  }

  private void drop() {
    segment.release();
    segment = null;
  }

  /// Takes what passes of what is ready.
  ///
  /// @param before takes what is to be sent before what is returned
  /// @return empty if nothing passes
  Optional<ByteBuf> take(Consumer<ByteBuf> before) {
    int end = segment.count();
    ByteBuf piece = null;
    int pieces = 0;
    if (filter == null) {
      piece = segment.slice(index, end);
      index = end;
    }
    while (index < end && pieces < MOST_PIECES) {
      int first = passed(index, end, false);
      index = passed(first, end, true);
      if (index > first) {
        if (piece != null) {
          before.accept(piece);
        }
        piece = segment.slice(first, index);
        pieces++;
      }
    }
    // What tells a state has no number.
    next = Math.max(next, segment.entry(index - 1).seq() + 1);
    return Optional.ofNullable(piece);
  }

  /// Where those end, from there on, that pass, or that don't.
  private int passed(int from, int end, boolean pass) {
    int at = from;
    while (at < end && filter.passes(segment.entry(at).event()) == pass) {
      at++;
    }
    return at;
  }

  /// Nothing of it will be sent any more.
  void drain() {
    if (segment != null) {
      drop();
    }
    if (given != null) {
      given.subList(nextGiven, given.size()).forEach(Segment::release);
      given = null;
      taken.complete(false);
      taken = null;
    }
  }
}
