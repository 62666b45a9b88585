package dev.nsmon.websocket;

import dev.nsmon.event.EventFilter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Frames to be sent to one client: first those of [#give], then those of the ring from its
/// position on. Records that its filter hides are left out. Event loop only.
final class Supply {
  /// Maximum number of pieces of one [#take]: a filter may cut a segment into many.
  private static final int MOST_PIECES = 16;

  private final FrameRing ring;

  /// Null if all records pass.
  private final EventFilter filter;

  private final LongConsumer behind;

  /// Segment that is being sent, with a reference; null if there is none. The index is that of its
  /// first frame not taken yet.
  private Segment segment;

  private int index;

  /// Segments to be sent before those of the ring; null if there are none. Set by [#give]; cleared
  /// when all are taken, or by [#drain].
  private List<Segment> given;

  private int nextGiven;

  /// Completed when these are cleared: with true if all were taken, else with false.
  private CompletableFuture<Boolean> taken;

  /// Whether frames come from the ring. Set by [#follow], cleared when the ring no longer has the
  /// next record.
  private boolean following;

  /// Number of the next record.
  private long next;

  /// @param behind called with the number of the next record when the ring no longer has it
  Supply(FrameRing ring, EventFilter filter, LongConsumer behind) {
    this.ring = ring;
    this.filter = filter.equals(EventFilter.ALL) ? null : filter;
    this.behind = behind;
  }

  /// Sets the position: the client already has all records below this number.
  void has(long from) {
    next = from;
  }

  /// Sends these segments next, and then completes the future.
  void give(List<Segment> segments, CompletableFuture<Boolean> done) {
    given = segments;
    nextGiven = 0;
    taken = done;
  }

  /// Sends frames of the ring from this number on.
  void follow(long from) {
    next = from;
    following = true;
  }

  boolean isFollowing() {
    return following;
  }

  /// Number of the next record.
  long next() {
    return next;
  }

  /// Whether [#take] has frames now. Goes on to the next segment if one was sent in full.
  boolean isReady() {
    while (segment != null || begin()) {
      // Read before the count, which is final if the segment is sealed.
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

  /// Finds the segment to be sent next; false if there is none now.
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

  /// Takes the next frames that pass the filter.
  ///
  /// @param before receives, in order, what must be written before the returned piece
  /// @return the last piece; empty if no frame passes
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
    // Records of a state have no number, and must not set the position back.
    next = Math.max(next, segment.entry(index - 1).seq() + 1);
    return Optional.ofNullable(piece);
  }

  /// End of the run of frames, from an index on, that all pass the filter or are all hidden.
  private int passed(int from, int end, boolean pass) {
    int at = from;
    while (at < end && filter.passes(segment.entry(at).event()) == pass) {
      at++;
    }
    return at;
  }

  /// Releases all references; nothing is sent any more.
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
