package dev.nsmon.format;

import dev.nsmon.event.Attention;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/// Events at random: every field known or not, numbers at their limits, texts of any characters.
final class RandomEvents {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final List<String> CGROUPS =
      List.of(
          "",
          "/",
          "/docker/" + HEX,
          "/kubepods/pod0a1b2c3d-1111-2222-3333-445566778899/" + HEX,
          "/kubepods.slice/crio-" + HEX + ".scope",
          "/kubepods/besteffort/pod0a1b2c3d-1111-2222-3333-445566778899/" + HEX,
          "/kubepods.slice/kubepods-pod0a1b2c3d_1111_2222_3333_445566778899.slice",
          "/machine.slice/libpod-" + HEX + ".scope/container",
          "/system.slice/containerd.service/x:cri-containerd:" + HEX,
          "/lxc.payload.w\u00e9b/init.scope",
          "/machine.slice/machine-deb.scope",
          "/system.slice/nginx.service");

  private final Random random;

  RandomEvents(long seed) {
    random = new Random(seed);
  }

  NamespaceEvent next() {
    return switch (random.nextInt(6)) {
      case 0 -> new Created(sighting(), namespace(type()), maybe(task()), holders());
      case 1 -> {
        List<Place> places = new ArrayList<>();
        for (NamespaceType type : NamespaceType.values()) {
          if (random.nextBoolean()) {
            places.add(new Place(namespace(type), maybe(namespace(type))));
          }
        }
        yield new Joined(
            sighting(),
            task(),
            places,
            maybe(pick(Cause.values())),
            maybe(new Attention(pick(Attention.Whose.values()), type())).stream().toList());
      }
      case 2 -> {
        List<Namespace> was = new ArrayList<>();
        for (NamespaceType type : NamespaceType.values()) {
          if (random.nextBoolean()) {
            was.add(namespace(type));
          }
        }
        yield new Left(sighting(), task(), was);
      }
      case 3 ->
          new Destroyed(
              sighting(), namespace(type()), count(), pick(Evidence.values()), maybe(task()));
      case 4 -> {
        Map<NamespaceType, Integer> counts = new EnumMap<>(NamespaceType.class);
        for (int i = random.nextInt(9); i > 0; i--) {
          counts.put(type(), number());
        }
        yield new Synced(sighting(), counts, number(), number());
      }
      default ->
          new EventsLost(sighting(), pick(EventsLost.Where.values()), count(), count(), count());
    };
  }

  private Sighting sighting() {
    return new Sighting(time(), maybe(time()), pick(Source.values()));
  }

  private Instant time() {
    return random.nextInt(8) == 0
        ? pick(
            new Instant[] {
              Instant.parse("0000-01-01T00:00:00Z"),
              Instant.EPOCH.minusNanos(1),
              Instant.parse("2024-02-29T23:59:59.999999999Z"),
              Instant.parse("9999-12-31T23:59:59.999999999Z")
            })
        : Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
  }

  private Namespace namespace(NamespaceType type) {
    long inode = wide();
    long id = random.nextBoolean() ? wide() : -1;
    String key =
        id < 0 || random.nextInt(4) == 0
            ? Namespace.keyOfInode(type, inode, number())
            : Namespace.keyOfId(type, id);
    return new Namespace(
        type,
        inode,
        id,
        key,
        random.nextBoolean(),
        random.nextBoolean() ? "" : "user:" + wide(),
        random.nextBoolean() ? "" : "user:" + wide(),
        random.nextBoolean() ? -1 : uid(),
        maybe(time()));
  }

  private Task task() {
    return new Task(
        number(),
        random.nextBoolean() ? 0 : number(),
        random.nextLong(),
        pick(Task.State.values()),
        NamespaceSet.NONE,
        new ProcessInfo(
            random.nextBoolean() ? -1 : wide(),
            random.nextBoolean() ? -1 : number(),
            text(),
            text(),
            random.nextBoolean() ? -1 : uid(),
            random.nextBoolean() ? List.of() : List.of(number(), number()),
            pick(CGROUPS.toArray(String[]::new)),
            random.nextBoolean() ? ContainerName.NONE : new ContainerName(text(), text())));
  }

  private List<Holder> holders() {
    List<Holder> holders = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      holders.add(
          switch (random.nextInt(6)) {
            case 0 -> new Holder.Mount(text(), text());
            case 1 -> new Holder.Descriptor(number(), number());
            case 2 -> new Holder.Socket(number(), number());
            case 3 -> new Holder.StrayThread(number(), number());
            case 4 -> new Holder.ForChildren(number());
            default -> new Holder.Child(text());
          });
    }
    return holders;
  }

  private OptionalLong count() {
    return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(wide());
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      // Unpaired surrogates among them: a program can't be called so, but a record can.
      text.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
    }
    return text.toString();
  }

  private NamespaceType type() {
    return pick(NamespaceType.values());
  }

  private int number() {
    return random.nextInt(8) == 0 ? Integer.MAX_VALUE : random.nextInt(100_000);
  }

  private long wide() {
    return random.nextInt(8) == 0 ? Long.MAX_VALUE : random.nextLong(1L << 40);
  }

  /// The highest is what the kernel shows for a user id that it can't tell.
  private int uid() {
    return random.nextInt(8) == 0 ? -2 : random.nextInt();
  }

  private <T> Optional<T> maybe(T value) {
    return random.nextBoolean() ? Optional.empty() : Optional.of(value);
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }
}
