package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.container.Container;
import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.format.Host;
import dev.nsmon.format.NamespaceState;
import dev.nsmon.format.StateReader;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.sink.Pump;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Reading the state topic from its start gives the namespaces that there are.
final class StateSinkIT {
  private static final String DOCKER = "/docker/" + "0123456789abcdef".repeat(4);
  private static final Duration LONG = Duration.ofDays(1);

  private static Broker broker;

  @BeforeAll
  static void startBroker() {
    broker = Broker.shared();
  }

  /// A host whose events are made by hand, and what publishes its state.
  private static final class Scene implements AutoCloseable {
    private final HostState state = new HostState(false);
    private final EventLog log = new EventLog(Events.STREAM, 1L << 30, InstantSource.system());
    private final Pump pump;

    Scene(String topic, Host host, List<NamespaceEvent> before, Duration refresh) {
      before.forEach(state::apply);
      StateSink sink =
          new StateSink(
              Publishing.properties(broker.address(), "max.block.ms=500"),
              topic,
              host,
              Events.STREAM,
              this::present,
              refresh,
              _ -> {},
              HostClock.SYSTEM);
      pump = Pump.start("state", log.from(1), sink, System::nanoTime);
    }

    private synchronized Present present() {
      return new Present(log.nextSeq() - 1, state.snapshot(Instant.now()));
    }

    /// Told by the log.
    synchronized void happens(NamespaceEvent... events) {
      for (NamespaceEvent event : events) {
        state.apply(event);
      }
      log.append(List.of(events));
    }

    /// Found by a look only.
    synchronized void isSo(NamespaceEvent... events) {
      for (NamespaceEvent event : events) {
        state.apply(event);
      }
    }

    synchronized List<String> keys() {
      return state.snapshot(Instant.now()).namespaces().stream().map(Namespace::key).toList();
    }

    @Override
    public void close() {
      log.close();
      Pump.Ending ending = pump.ending().orTimeout(20, TimeUnit.SECONDS).join();
      assertEquals(new Pump.Ending.Drained(), ending);
    }
  }

  /// By key, the present value of each; and whether a tombstone was ever seen.
  private static Map<String, NamespaceState> fold(List<ConsumerRecord<byte[], byte[]>> all) {
    StateReader reader = new StateReader();
    TreeMap<String, NamespaceState> now = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all) {
      if (record.value() == null) {
        now.remove(Reader.key(record));
      } else {
        try {
          now.put(Reader.key(record), reader.read(record.value()));
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    }
    return now;
  }

  private static void awaitKeys(Reader reader, String... keys) {
    Awaitility.await(String.join(" ", keys))
        .atMost(Duration.ofSeconds(30))
        .until(() -> List.copyOf(fold(reader.poll()).keySet()).equals(Arrays.asList(keys)));
  }

  private static String key(String rest) {
    return Events.HOST.id() + "/" + rest;
  }

  private static Created created(Namespace namespace, Holder... holders) {
    return new Created(Events.at(0), namespace, Optional.empty(), List.of(holders));
  }

  private static Destroyed destroyed(Namespace namespace) {
    return new Destroyed(
        Events.at(9), namespace, OptionalLong.empty(), Evidence.values()[0], Optional.empty());
  }

  private static Joined joined(Task task, Namespace... namespaces) {
    List<Place> places = new ArrayList<>();
    for (Namespace namespace : namespaces) {
      places.add(new Place(namespace, Optional.empty()));
    }
    return new Joined(Events.at(5), task, places, Optional.empty());
  }

  @Test
  void namespaceIsThereWithMembersHoldersAndContainerUntilItIsGone() {
    broker.createTopic("life", 3, Map.of("cleanup.policy", "compact"));
    Namespace net = Events.net(810);
    Task first = Events.task(2000, net, DOCKER);
    Task second = Events.task(2001, net, DOCKER);
    try (Scene scene = new Scene("life", Events.HOST, List.of(), LONG);
        Reader reader = new Reader(broker, "life")) {
      scene.happens(created(net, new Holder.Mount("/run/netns/a", "mnt:1")));
      scene.happens(joined(first, net), joined(second, net));
      awaitKeys(reader, key("net/810"));
      Awaitility.await("two members")
          .until(() -> fold(reader.poll()).values().iterator().next().processes() == 2);
      NamespaceState state = fold(reader.poll()).values().iterator().next();
      assertEquals(Events.HOST, state.host());
      assertEquals(Events.STREAM, state.stream());
      assertEquals(3, state.seq());
      assertEquals(net, state.namespace());
      assertEquals(net.owner(), state.namespace().owner());
      assertEquals(List.of(new Holder.Mount("/run/netns/a", "mnt:1")), state.holders());
      assertEquals(Container.ofCgroup(DOCKER), state.container());
      scene.happens(
          joined(Events.task(2003, net, "/user.slice/user-0.slice/session-1.scope"), net));
      Awaitility.await("one who has entered from the host")
          .until(() -> fold(reader.poll()).values().iterator().next().processes() == 3);
      assertEquals(
          Container.ofCgroup(DOCKER), fold(reader.poll()).values().iterator().next().container());
      Task other = Events.task(2002, net, "/docker/" + "f".repeat(64));
      scene.happens(new Left(Events.at(6), first, List.of(net)), joined(other, net));
      Awaitility.await("of two containers")
          .until(() -> !fold(reader.poll()).values().iterator().next().container().isKnown());
      scene.happens(destroyed(net));
      awaitKeys(reader);
      assertEquals(null, reader.poll().getLast().value());
      assertEquals(1, reader.poll().stream().map(ConsumerRecord::partition).distinct().count());
    }
  }

  @Test
  void whatAnEarlierBootLeftBehindIsGoneAndNothingOfAnotherHost() {
    broker.createTopic("boot", 1, Map.of("cleanup.policy", "compact"));
    Host other = new Host("web-2", "f".repeat(32), "b");
    Host rebooted = new Host(Events.HOST.name(), Events.HOST.id(), "another boot");
    List<NamespaceEvent> before = List.of(created(Events.net(1)), created(Events.net(2)));
    try (Reader reader = new Reader(broker, "boot")) {
      try (Scene _ = new Scene("boot", Events.HOST, before, LONG);
          Scene _ = new Scene("boot", other, before, LONG)) {
        awaitKeys(reader, key("net/1"), key("net/2"), other.id() + "/net/1", other.id() + "/net/2");
      }
      int count = reader.poll().size();
      try (Scene _ = new Scene("boot", Events.HOST, before, LONG)) {
        // Nothing is told again to who starts again in the same boot.
      }
      try (Scene _ = new Scene("boot", rebooted, before.subList(1, 2), LONG)) {
        awaitKeys(reader, key("net/2"), other.id() + "/net/1", other.id() + "/net/2");
      }
      assertEquals(count + 2, reader.poll().size());
      assertEquals("another boot", fold(reader.poll()).get(key("net/2")).host().bootId());
    }
  }

  @Test
  void holdersThatOnlyALookFindsArePublishedFromTimeToTime() {
    broker.createTopic("held", 1, Map.of("cleanup.policy", "compact"));
    Namespace net = Events.net(3);
    try (Scene scene =
            new Scene("held", Events.HOST, List.of(created(net)), Duration.ofMillis(100));
        Reader reader = new Reader(broker, "held")) {
      awaitKeys(reader, key("net/3"));
      Holder holder = new Holder.Descriptor(7, 8);
      scene.isSo(created(net, holder));
      Awaitility.await("the holder")
          .until(
              () ->
                  fold(reader.poll()).values().iterator().next().holders().equals(List.of(holder)));
    }
  }

  @Test
  void busyNamespaceIsPublishedTwiceASecondAtMost() {
    broker.createTopic("busy", 1, Map.of("cleanup.policy", "compact"));
    Namespace net = Events.net(4);
    try (Reader reader = new Reader(broker, "busy")) {
      long began = System.nanoTime();
      try (Scene scene = new Scene("busy", Events.HOST, List.of(created(net)), LONG)) {
        awaitKeys(reader, key("net/4"));
        for (int i = 0; i < 3_000; i++) {
          scene.happens(joined(Events.task(100 + i, net, ""), net));
        }
        Awaitility.await("all members")
            .until(() -> fold(reader.poll()).values().iterator().next().processes() == 3_000);
      }
      long most = 2 + Duration.ofNanos(System.nanoTime() - began).toMillis() / 500;
      assertTrue(reader.poll().size() <= most, reader.poll().size() + " > " + most);
    }
  }

  @Test
  @Tag("full")
  void topicThatIsMadeAnewGetsAllOfIt() {
    broker.createTopic("anew", 1, Map.of("cleanup.policy", "compact"));
    List<NamespaceEvent> before = List.of(created(Events.net(5)), created(Events.net(6)));
    try (Scene scene = new Scene("anew", Events.HOST, before, LONG)) {
      try (Reader reader = new Reader(broker, "anew")) {
        awaitKeys(reader, key("net/5"), key("net/6"));
      }
      broker.deleteTopic("anew");
      scene.happens(created(Events.net(7)));
      broker.createTopic("anew", 1, Map.of("cleanup.policy", "compact"));
      try (Reader reader = new Reader(broker, "anew")) {
        awaitKeys(reader, key("net/5"), key("net/6"), key("net/7"));
      }
    }
  }

  @Test
  void stateTooLargeIsPublishedWithoutHolders() {
    broker.createTopic("huge", 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "3000"));
    Created held = (Created) Events.held(2_000);
    List<NamespaceEvent> before = List.of(created(Events.net(1)), held, created(Events.net(9)));
    try (Scene scene = new Scene("huge", Events.HOST, before, Duration.ofMillis(100));
        Reader reader = new Reader(broker, "huge")) {
      awaitKeys(reader, key("net/1"), key("net/7"), key("net/9"));
      scene.happens(created(Events.net(10)));
      awaitKeys(reader, key("net/1"), key("net/10"), key("net/7"), key("net/9"));
      assertEquals(List.of(), fold(reader.poll()).get(key("net/7")).holders());
      assertEquals(4, reader.poll().size());
    }
  }

  @Test
  void foldOfTheTopicIsTheStateAfterAnyEvents() {
    broker.createTopic("random", 4, Map.of("cleanup.policy", "compact"));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Reader reader = new Reader(broker, "random");
        Scene scene = new Scene("random", Events.HOST, List.of(), LONG)) {
      for (int i = 0; i < 4_000; i++) {
        Namespace net = Events.net(100 + random.nextInt(50));
        Task task = Events.task(1 + random.nextInt(300), net, "");
        scene.happens(
            switch (random.nextInt(4)) {
              case 0 -> created(net);
              case 1 -> joined(task, net);
              case 2 -> new Left(Events.at(i), task, List.of(net));
              default -> destroyed(net);
            });
      }
      Snapshot last = scene.state.snapshot(Instant.now());
      TreeMap<String, Integer> expected = new TreeMap<>();
      for (Namespace namespace : last.namespaces()) {
        expected.put(
            key(namespace.key().replace(':', '/')), scene.state.members(namespace.key()).size());
      }
      Awaitility.await("seed " + seed)
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                TreeMap<String, Integer> found = new TreeMap<>();
                fold(reader.poll()).forEach((key, state) -> found.put(key, state.processes()));
                return found.equals(expected);
              });
      assertEquals(scene.keys().size(), expected.size());
    }
  }
}
