package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.format.JsonReader;
import dev.nsmon.kafka.KafkaTail;
import dev.nsmon.kafka.Received;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.websocket.StreamClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Reads the event stream of a remote monitor over WebSocket. After a lost connection it reconnects
/// and resumes after the last record, without duplicates.
///
/// One thread calls [#run], once; an interrupt ends it.
final class RemoteTail {
  /// Longest silence of a live connection: the server sends a ping every 20 s.
  private static final Duration SILENCE = Duration.ofSeconds(50);

  private static final long LEAST_PAUSE = 200;
  private static final long MOST_PAUSE = 10_000;

  /// A connection that lasted longer resets the reconnect pause.
  private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Remote remote;
  private final EventFilter filter;
  private final Consumer<String> remarks;
  private final Duration silence;
  private final HostClock clock;
  private final JsonReader reader = new JsonReader();

  /// The id of the stream that [#last] belongs to; "" before the first record. Set by [#isNews].
  private String stream = "";

  /// Sequence number of the last record, to resume after. 0 before the first, and after the stream
  /// has changed, until a record with a number follows.
  private long last;

  /// True from the report of a lost connection until [#back] has reported the next one.
  private boolean cut;

  /// How many messages could not be parsed.
  private long strange;

  private long sayStrangeAt = 1;
  private long pauseMillis = LEAST_PAUSE;

  /// @param filter evaluated by the remote monitor
  /// @param remarks takes a line for people when the connection is lost and when it is back
  RemoteTail(Remote remote, EventFilter filter, Consumer<String> remarks, HostClock clock) {
    this(remote, filter, remarks, SILENCE, clock);
  }

  RemoteTail(
      Remote remote,
      EventFilter filter,
      Consumer<String> remarks,
      Duration silence,
      HostClock clock) {
    this.clock = clock;
    this.remote = remote;
    this.filter = filter;
    this.remarks = remarks;
    this.silence = silence;
  }

  /// Reads records until the receiver returns false.
  ///
  /// @throws IOException if the receiver throws it
  /// @throws RemoteFault if the first connection fails for a lasting reason, such as a wrong token;
  ///   later failures are retried
  void run(KafkaTail.Receiver receiver) throws IOException, InterruptedException, RemoteFault {
    boolean connected = false;
    while (true) {
      String why;
      long begun = clock.nanoTime();
      try (StreamClient connection =
          remote.connect(RemoteQuery.events(filter, stream, last), silence, clock)) {
        connected = true;
        back();
        if (!follow(connection, receiver)) {
          return;
        }
        why = remote.place() + ": " + connection.why();
      } catch (RemoteFault e) {
        if (e.isLasting() && !connected) {
          throw e;
        }
        why = e.getMessage();
      }
      if (!cut) {
        cut = true;
        remarks.accept(why + "; trying again");
      }
      pause(clock.nanoTime() - begun > GOOD_NANOS);
    }
  }

  private void back() {
    if (cut) {
      cut = false;
      remarks.accept(
          remote.place() + ": connected" + (last > 0 ? ", going on after seq " + last : ""));
    }
  }

  private void pause(boolean wasGood) throws InterruptedException {
    pauseMillis = wasGood ? LEAST_PAUSE : pauseMillis;
    // Random, so that many clients do not reconnect at the same time.
    clock.sleep(
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1)));
    pauseMillis = Math.min(2 * pauseMillis, MOST_PAUSE);
  }

  /// Passes records to the receiver until the connection ends.
  ///
  /// @return whether the receiver wants more
  private boolean follow(StreamClient connection, KafkaTail.Receiver receiver)
      throws IOException, InterruptedException {
    try {
      for (Optional<List<String>> messages = connection.take();
          messages.isPresent();
          messages = connection.take()) {
        List<Received<JsonReader.Told>> records = new ArrayList<>();
        for (String message : messages.get()) {
          read(message, records);
        }
        if (!records.isEmpty()) {
          pauseMillis = LEAST_PAUSE;
          if (!receiver.take(records)) {
            return false;
          }
        }
      }
      return true;
    } catch (InterruptedException e) {
      // Records that have already arrived are still delivered.
      List<Received<JsonReader.Told>> records = new ArrayList<>();
      for (String message : connection.rest()) {
        read(message, records);
      }
      if (!records.isEmpty()) {
        receiver.take(records);
      }
      throw e;
    }
  }

  /// Parses one message. One that is not a record is skipped; the 1st, 10th, 100th and so on of
  /// them is reported.
  private void read(String message, List<Received<JsonReader.Told>> to) {
    byte[] json = message.getBytes(UTF_8);
    try {
      JsonReader.Told told = reader.read(json);
      if (isNews(told)) {
        to.add(new Received<>(json, told));
      }
    } catch (IOException e) {
      strange++;
      if (strange == sayStrangeAt) {
        sayStrangeAt *= 10;
        remarks.accept(
            remote.place()
                + ": passed over "
                + (strange == 1 ? "what is no record of nsmon" : strange + " such messages")
                + ": "
                + e.getMessage());
      }
    }
  }

  /// Whether a record is new rather than repeated after a reconnect. Updates [#stream] and [#last].
  private boolean isNews(JsonReader.Told told) {
    if (!told.stream().equals(stream)) {
      stream = told.stream();
      last = 0;
    }
    if (told.event().kind() == Kind.SYNCED) {
      last = told.seq();
    } else if (told.seq() > 0 && told.seq() <= last) {
      return false;
    } else if (told.seq() > 0) {
      last = told.seq();
    }
    return true;
  }
}
