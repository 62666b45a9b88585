package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The container image: loaded by podman, and run with the least that shows the whole host.
@Tag("full")
final class OciImageIT {
  private static final Path ARCHIVE = Nsmon.image().resolveSibling("nsmon-oci.tar");

  /// `$image` in a store of its own, whose mounts end with the script.
  private static final String SCRIPT =
      """
      set -e
      podman="podman --runtime runc --cgroup-manager cgroupfs --storage-driver vfs \
        --root $1/store --runroot $1/run --tmpdir $1/tmp"
      run="$podman run --rm --pid host --net host --read-only --cap-drop all --cap-add SYS_PTRACE \
        --ulimit nofile=1024:1024 --ulimit nproc=1000:1000"
      image=$($podman load -q -i "$2" | sed 's/.*: //')
      $run $image list -o json | sed 's/^/list /'
      # The journal is kept, by a user who may write nothing else.
      mkdir -m 777 "$1/state"
      $run -d --name serve -v "$1/state:/var/lib/nsmon" $image serve --source poll > /dev/null
      until $podman exec serve nsmon history -o json | grep -q '"synced"'; do sleep 0.2; done
      $podman stop --time 10 serve > /dev/null
      ls "$1/state"
      $podman inspect $image | tr -d '\\n' | sed 's/^/is /'
      echo
      # Nothing is unpacked, and the cache of classes fits, or the program does not start.
      $run --entrypoint /bin/sh $image -c '
        while read name rest; do echo $name $rest; done < /proc/self/status
        NSMON_JVM_OPTIONS=-XX:AOTMode=on nsmon --version
        for text in /usr/share/doc/*/copyright /usr/share/doc/nsmon/*; do echo $text; done'
      """;

  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("podman");
    Needs.tool("runc");
    Needs.built(ARCHIVE);
  }

  @Test
  void showsFromWithinWhatTheHostShows() {
    try (Child sleep =
        Child.start("unshare", "--net", "--uts", "sleep", "300").awaitComm("sleep")) {
      Set<String> without = keys(Nsmon.run("list", "-o", "json").lines().stream(), sleep.pid());
      assertEquals(10, without.size(), without::toString);
      try (Child script =
          Child.start("unshare", "-m", "sh", "-c", SCRIPT, "sh", "" + directory, "" + ARCHIVE)) {
        Result result = script.result(Duration.ofMinutes(3)).endedWith(0);
        List<String> lines = result.lines();
        assertEquals(without, keys(after("list ", lines), sleep.pid()));
        assertTrue(lines.contains("journal.db"), result::toString);
        assertTrue(lines.contains("Uid: 65532 65532 65532 65532"), result::toString);
        assertTrue(lines.contains("CapEff: 0000000000080000"), result::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("nsmon ")), result::toString);
        assertTrue(lines.contains("/usr/share/doc/nsmon/THIRD-PARTY.txt"), result::toString);
        assertTrue(lines.stream().anyMatch(line -> line.endsWith("/copyright")));
        JsonNode image = Nsmon.json(after("is ", lines).findAny().orElseThrow()).get(0);
        assertEquals("nsmon", image.at("/Labels/org.opencontainers.image.title").asText());
        assertEquals("65532:65532", image.at("/Config/User").asText());
      }
    }
  }

  private static Stream<String> after(String word, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()));
  }

  /// Of the initial namespaces and those of a process: others come and go meanwhile.
  private static Set<String> keys(Stream<String> list, long pid) {
    Set<String> keys = new TreeSet<>();
    for (JsonNode one : Nsmon.json(list.toList())) {
      boolean its = one.path("pids").valueStream().anyMatch(member -> member.asLong() == pid);
      if (one.get("initial").asBoolean() || its) {
        keys.add(one.get("key").asText());
      }
    }
    return keys;
  }
}
