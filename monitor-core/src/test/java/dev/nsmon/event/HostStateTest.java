package dev.nsmon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is believed of events that contradict each other, as they do after a gap.
class HostStateTest {
  private static final Instant TIME = Instant.parse("2026-11-23T10:00:00Z");
  private static final Sighting SEEN = new Sighting(TIME, Optional.empty(), Source.POLL);
  private static final Namespace HOST_NET = namespace(NamespaceType.NET, 3, true, "", "");
  private static final Namespace HOST_PID = namespace(NamespaceType.PID, 4, true, "", "");
  private static final Namespace NET = namespace(NamespaceType.NET, 8, false, "", "user:7");
  private static final Namespace PID = namespace(NamespaceType.PID, 9, false, "pid:4", "user:7");
  private static final Namespace USER = namespace(NamespaceType.USER, 7, false, "", "");

  private final HostState state = new HostState(false);

  private static Namespace namespace(
      NamespaceType type, long id, boolean initial, String parent, String owner) {
    return new Namespace(
        type,
        1000 + id,
        id,
        Namespace.keyOfId(type, id),
        initial,
        parent,
        owner,
        -1,
        initial ? Optional.empty() : Optional.of(TIME));
  }

  /// The same as a join read back names it.
  private static Namespace identity(Namespace of) {
    return new Namespace(
        of.type(), of.inode(), of.id(), of.key(), of.initial(), "", "", -1, Optional.empty());
  }

  private void created(Namespace namespace, Holder... holders) {
    state.apply(new Created(SEEN, namespace, Optional.empty(), List.of(holders)));
  }

  private void joined(int pid, Namespace... in) {
    List<Place> places = Arrays.stream(in).map(one -> new Place(one, Optional.empty())).toList();
    state.apply(new Joined(SEEN, task(pid), places, Optional.empty()));
  }

  private void destroyed(Namespace namespace) {
    state.apply(
        new Destroyed(SEEN, namespace, OptionalLong.empty(), Evidence.NO_HOLDER, Optional.empty()));
  }

  private static Task task(int pid) {
    return new Task(pid, 0, 0, Task.State.LIVE, NamespaceSet.NONE, ProcessInfo.UNKNOWN);
  }

  private List<Integer> pids(Namespace in) {
    return state.members(in.key()).stream().map(Task::pid).toList();
  }

  private List<String> keys() {
    return state.snapshot(TIME).namespaces().stream().map(Namespace::key).toList();
  }

  @Test
  void namespaceThatTurnsOutToBeInitialIsWhereTasksAreThatNothingIsSaidOf() {
    created(
        new Namespace(
            NamespaceType.NET, 1003, 3, HOST_NET.key(), false, "", "", -1, Optional.empty()));
    joined(6, USER);
    assertEquals(List.of(), pids(HOST_NET));
    joined(5, HOST_NET);
    assertEquals(List.of(6), pids(HOST_NET));
  }

  @Test
  void whatATasksChildrenWillBeInIsNotWhereItIs() {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    links[NamespaceType.PID.ordinal()] = HOST_PID;
    links[NamespaceType.NET.ordinal()] = NET;
    links[NamespaceLink.PID_FOR_CHILDREN.ordinal()] = PID;
    Task task = new Task(5, 0, 0, Task.State.LIVE, new NamespaceSet(links), ProcessInfo.UNKNOWN);
    Snapshot look =
        new Snapshot(
            TIME,
            List.of(task),
            List.of(HOST_PID, NET, PID),
            Map.of(),
            List.of(),
            Snapshot.EMPTY.report());
    HostState seen = HostState.of(look, false);
    assertEquals(List.of(), seen.members(PID.key()));
    assertEquals(1, seen.members(NET.key()).size());
    assertEquals(1, seen.members(HOST_PID.key()).size());
  }

  @ParameterizedTest
  @CsvSource({
    // What a later mention knows: id, parent, owner, uid of the owner; and what is known then.
    "-1, '', '', -1, 9, pid:4, user:7, 1000",
    "0, '', '', -1, 0, pid:4, user:7, 1000",
    "12, '', '', -1, 12, pid:4, user:7, 1000",
    "-1, pid:5, '', -1, 9, pid:5, user:7, 1000",
    "-1, '', user:8, -1, 9, pid:4, user:8, 1000",
    "-1, '', '', 0, 9, pid:4, user:7, 0",
    "12, pid:5, user:8, 0, 12, pid:5, user:8, 0"
  })
  void whatALaterMentionKnowsIsLearntAndTheRestStands(
      long id,
      String parent,
      String owner,
      int uid,
      long idThen,
      String parentThen,
      String ownerThen,
      int uidThen) {
    created(known(9, "pid:4", "user:7", 1000, Optional.of(TIME)));
    joined(5, known(id, parent, owner, uid, Optional.empty()));
    Namespace then = state.namespace(PID.key()).orElseThrow();
    assertEquals(
        known(idThen, parentThen, ownerThen, uidThen, Optional.of(TIME)).toString(),
        then.toString());
  }

  /// The pid namespace of this test, of which this is known.
  private static Namespace known(
      long id, String parent, String owner, int uid, Optional<Instant> created) {
    return new Namespace(
        NamespaceType.PID, PID.inode(), id, PID.key(), false, parent, owner, uid, created);
  }

  @Test
  void onlyNamespacesThatAreHeldHaveHolders() {
    Holder holder = new Holder.Descriptor(1, 3);
    created(USER);
    created(NET, holder);
    assertEquals(Map.of(NET.key(), List.of(holder)), state.snapshot(TIME).holders());
    assertEquals(List.of(holder), state.holders(NET.key()));
    assertEquals(List.of(), state.holders(USER.key()));
    assertEquals(List.of(), state.holders("net:99"));
  }

  @Test
  void eventsTellOfEachTaskHoweverManyShareANamespace() {
    created(NET);
    for (int pid = 1; pid <= 20; pid++) {
      joined(pid, NET);
    }
    assertEquals(21, state.events().size());
  }

  @Test
  void whatIsForgottenIsNoTasksNamespace() {
    created(HOST_PID);
    state.clear();
    created(NET);
    joined(5, NET);
    Task task = state.members(NET.key()).getFirst();
    assertFalse(task.namespaces().knows(NamespaceType.PID.ordinal()));
  }

  @Test
  void whereNothingIsSaidATaskIsInTheInitialNamespace() {
    created(HOST_NET);
    created(HOST_PID);
    joined(5, NET);
    Task task = state.members(NET.key()).getFirst();
    assertSame(HOST_PID, task.namespaces().get(NamespaceType.PID.ordinal()));
    assertFalse(task.namespaces().knows(NamespaceType.UTS.ordinal()));
    assertEquals(List.of(5), pids(HOST_PID));
    assertEquals(List.of(), pids(HOST_NET));
  }

  @Test
  void taskThatWentHomeIsKeptOnlyIfAskedFor() {
    joined(5, NET);
    joined(5, HOST_NET);
    assertEquals(List.of(), state.snapshot(TIME).tasks());
    HostState all = new HostState(true);
    all.apply(
        new Joined(
            SEEN, task(5), List.of(new Place(HOST_NET, Optional.empty())), Optional.empty()));
    assertEquals(1, all.members(HOST_NET.key()).size());
  }

  @Test
  void namespaceThatOnlyAJoinNamesExistsAndLearnsTheRestLater() {
    joined(5, identity(NET));
    assertEquals("", state.namespace(NET.key()).orElseThrow().owner());
    created(NET, new Holder.ForChildren(6));
    assertEquals("user:7", state.namespace(NET.key()).orElseThrow().owner());
    joined(6, identity(NET));
    assertEquals("user:7", state.namespace(NET.key()).orElseThrow().owner());
    assertEquals(List.of(new Holder.ForChildren(6)), state.holders(NET.key()));
    assertEquals(List.of(5, 6), pids(NET));
    assertSame(
        state.namespace(NET.key()).orElseThrow(),
        state.members(NET.key()).getFirst().namespaces().get(NamespaceType.NET.ordinal()));
  }

  @Test
  void idThatAJoinKnowsIsLearned() {
    Namespace bare =
        new Namespace(
            NamespaceType.UTS, 50, -1, "uts:50.2", false, "", "user:7", -1, Optional.of(TIME));
    created(bare);
    joined(5, bare.learned(12, "", "", -1));
    Namespace now = state.namespace("uts:50.2").orElseThrow();
    assertEquals(12, now.id());
    assertEquals("user:7", now.owner());
    assertEquals(Optional.of(TIME), now.created());
  }

  @Test
  void whatIsCreatedTwiceIsReplacedAndKeepsItsMembers() {
    created(NET, new Holder.ForChildren(6));
    joined(5, NET);
    created(NET.learned(8, "", "user:70", -1));
    assertEquals("user:70", state.namespace(NET.key()).orElseThrow().owner());
    assertEquals(List.of(), state.holders(NET.key()));
    assertEquals(List.of(5), pids(NET));
  }

  @Test
  void nobodyIsInWhatIsDestroyed() {
    joined(5, NET, PID);
    joined(6, NET);
    destroyed(NET);
    assertEquals(List.of(), pids(NET));
    assertEquals(List.of(5), pids(PID));
    assertEquals(List.of(5), state.snapshot(TIME).tasks().stream().map(Task::pid).toList());
  }

  @Test
  void whatIsUnknownNeitherLeavesNorIsDestroyed() {
    created(NET);
    Snapshot before = state.snapshot(TIME);
    state.apply(new Left(SEEN, task(5), List.of(NET)));
    destroyed(PID);
    assertEquals(before, state.snapshot(TIME));
  }

  @Test
  void parentsAndOwnersComeFirstWheneverTheyWereTold() {
    joined(5, identity(PID));
    created(NET);
    created(PID);
    created(USER);
    created(HOST_PID);
    assertEquals(List.of("pid:4", "user:7", "pid:9", "net:8"), keys());
  }

  @Test
  void namespacesThatOwnEachOtherAreShownOnce() {
    created(USER.learned(7, "user:71", "user:71", -1));
    created(namespace(NamespaceType.USER, 71, false, "user:7", "user:7"));
    assertEquals(2, keys().size());
    for (int i = 100; i < 20_000; i++) {
      created(namespace(NamespaceType.USER, i, false, "user:" + (i + 1), ""));
    }
    assertEquals(19_902, keys().size());
  }

  @Test
  void highestGenerationIsOfAllThatWereEverNamed() {
    assertEquals(0, state.highestGeneration());
    created(NET);
    assertEquals(0, state.highestGeneration());
    Namespace bare =
        new Namespace(NamespaceType.UTS, 50, -1, "uts:50.2", false, "", "", -1, Optional.empty());
    created(bare);
    destroyed(bare);
    assertEquals(2, state.highestGeneration());
    Namespace from =
        new Namespace(NamespaceType.UTS, 51, -1, "uts:51.3", false, "", "", -1, Optional.empty());
    state.apply(
        new Joined(
            SEEN,
            task(5),
            List.of(new Place(identity(bare), Optional.of(from))),
            Optional.empty()));
    assertEquals(3, state.highestGeneration());
    assertEquals(Optional.empty(), state.namespace("uts:51.3"));
    created(
        new Namespace(
            NamespaceType.UTS, 52, -1, "uts:52.99999999999", false, "", "", -1, Optional.empty()));
    assertEquals(3, state.highestGeneration());
    state.clear();
    assertEquals(0, state.highestGeneration());
    assertEquals(new HostState(false).snapshot(TIME), state.snapshot(TIME));
  }

  @Test
  void beginningIsToldByTheEventsWhereItIsKnown() {
    created(HOST_NET);
    created(NET);
    joined(5, NET);
    List<NamespaceEvent> events = state.events();
    assertEquals(Source.BASELINE, events.get(0).sighting().source());
    assertEquals(SEEN, events.get(1).sighting());
    assertEquals(3, events.size());
  }
}
