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

/// Follows the stream of a monitor elsewhere, and goes on where it was when the connection was cut:
/// what the monitor still has is handed over once. One thread runs it, once; an interrupt ends it.
final class RemoteTail {
  /// A monitor pings every 20 s.
  private static final Duration SILENCE = Duration.ofSeconds(50);

  private static final long LEAST_PAUSE = 200;
  private static final long MOST_PAUSE = 10_000;

  /// A connection that lasted as long as this was a good one.
  private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Remote remote;
  private final EventFilter filter;
  private final Consumer<String> remarks;
  private final Duration silence;
  private final HostClock clock;
  private final JsonReader reader = new JsonReader();

  /// The place in the stream; empty before the first record.
  private String stream = "";

  /// Number of the last record; 0 if it can't be gone on from.
  private long last;

  private boolean cut;
  private long pauseMillis = LEAST_PAUSE;

  /// @param filter evaluated by the monitor
  /// @param remarks takes one line at a time when the connection is cut and when it is back
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

  /// Follows it until the receiver wants no more.
  ///
  /// @throws IOException if the receiver does
  /// @throws RemoteFault if the monitor refuses what it is asked first
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
    // Not all at once, where many were cut.
    clock.sleep(
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1)));
    pauseMillis = Math.min(2 * pauseMillis, MOST_PAUSE);
  }

  /// Whether the receiver wants more when the connection has ended.
  private boolean follow(StreamClient connection, KafkaTail.Receiver receiver)
      throws IOException, InterruptedException {
    boolean strange = false;
    try {
      for (Optional<List<String>> messages = connection.take();
          messages.isPresent();
          messages = connection.take()) {
        List<Received<JsonReader.Told>> records = new ArrayList<>();
        for (String message : messages.get()) {
          strange = !read(message, records, strange) || strange;
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
      // What has come is still written.
      List<Received<JsonReader.Told>> records = new ArrayList<>();
      for (String message : connection.rest()) {
        strange = !read(message, records, strange) || strange;
      }
      if (!records.isEmpty()) {
        receiver.take(records);
      }
      throw e;
    }
  }

  /// Reads one message.
  ///
  /// @param quiet whether it has been said already that there is something else than records
  /// @return whether it is a record
  private boolean read(String message, List<Received<JsonReader.Told>> to, boolean quiet) {
    byte[] json = message.getBytes(UTF_8);
    try {
      JsonReader.Told told = reader.read(json);
      if (isNews(told)) {
        to.add(new Received<>(json, told));
      }
      return true;
    } catch (IOException e) {
      if (!quiet) {
        remarks.accept(
            remote.place() + ": passed over what is no record of nsmon: " + e.getMessage());
      }
      return false;
    }
  }

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
