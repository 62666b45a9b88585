package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// The page in a browser, before a monitor that is made up and before a real one. The tests
/// themselves are `src/main/page/test`.
@Isolated("its list of events shows the last ones of the whole host")
final class PageIT {
  private static final Path SOURCE = Path.of("src/main/page").toAbsolutePath();
  private static final Path BUILT = Path.of("target/classes/dev/nsmon/page").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String SECRET = "a-secret-of-some-length";

  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.tool("node");
    Needs.tool("chromium");
    assumeTrue(
        Files.exists(BUILT.resolve("files.txt")), "the page was left out, for there is no npm");
  }

  @Test
  @Tag("full")
  void showsWhatTheStreamTells() {
    passes("test/run.mjs", BUILT.toString());
  }

  @Test
  void showsTheNamespacesOfThisHost() throws IOException {
    Needs.root();
    try (Served served = Served.start()) {
      passes("test/live.mjs", served.http("/"));
    }
    Path token = Served.secret(directory.resolve("token"), SECRET);
    try (Served served = Served.start("--token-file", token.toString())) {
      passes("test/live.mjs", served.http("/"), SECRET);
    }
  }

  private static void passes(String test, String... args) {
    List<String> command = new ArrayList<>(List.of("node", SOURCE.resolve(test).toString()));
    command.addAll(List.of(args));
    try (Child node = Child.start(Nsmon.command(command.toArray(String[]::new)))) {
      boolean ended = node.hasEndedWithin(PATIENCE);
      Result result = ended ? node.result() : new Result(-1, node.out(), node.err());
      assertEquals(0, result.code(), result::toString);
    }
  }
}
