package dev.nsmon.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.testing.TestClock;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is asked, when, and what becomes of bad answers. Real runtimes are asked in [ContainerdIT]
/// and `RuntimeNamesIT`.
final class RuntimeNamesTest {
  /// Nothing may fail here.
  static void fail(Throwable cause) {
    throw new AssertionError(cause);
  }

  private static final String ID = "3f2a91c0d5e1b876".repeat(4);
  private static final Container WEB = new Container(ID, "docker", "", "", "");
  private static final ContainerName NAME = new ContainerName("web", "nginx:1.29");
  private static final String FOUND =
      """
      {"Id":"x","Name":"/web","Image":"sha256:77af","Config":{"Image":"nginx:1.29"}}\
      """;

  @TempDir private Path directory;
  private final TestClock clock = new TestClock();
  private final ConcurrentLinkedQueue<String> remarks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private Path socket() {
    return directory.resolve("s");
  }

  private RuntimeNames names(RuntimeSocket... sockets) {
    RuntimeNames names =
        RuntimeNames.ask(List.of(sockets), remarks::add, RuntimeNamesTest::fail, clock::nanoTime);
    open.add(names);
    return names;
  }

  private RuntimeNames names() {
    return names(RuntimeSocket.at(socket()));
  }

  /// Answers every connection with this, or never if it is empty.
  private void serve(String answer) throws IOException {
    serve(socket(), List.of(answer));
  }

  /// Answers each connection with one of these, and all further ones with the last.
  private void serve(Path socket, List<String> inTurn) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    open.add(server);
    Thread.ofVirtual().start(() -> accept(server, inTurn));
  }

  private void accept(ServerSocketChannel server, List<String> inTurn) {
    try {
      for (int i = 0; true; i++) {
        String answer = inTurn.get(Math.min(i, inTurn.size() - 1));
        SocketChannel client = server.accept();
        open.add(client);
        ByteBuffer request = ByteBuffer.allocate(4096);
        client.read(request);
        asked.add(
            new String(request.array(), 0, request.position(), UTF_8)
                .lines()
                .findFirst()
                .orElse(""));
        if (!answer.isEmpty()) {
          client.write(ByteBuffer.wrap(answer.getBytes(UTF_8)));
          client.close();
        }
      }
    } catch (IOException e) {
      // The test has ended.
    }
  }

  private static String http(int status, String body) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private void awaitRemark(String remark) {
    await().untilAsserted(() -> assertEquals(List.of(remark), List.copyOf(remarks)));
  }

  @Test
  void nameIsThereWhenTheRuntimeHasAnsweredAndIsAskedForOnce() throws IOException {
    serve(http(200, FOUND));
    RuntimeNames names = names();
    assertEquals(ContainerName.NONE, names.of(WEB));
    await().untilAsserted(() -> assertEquals(NAME, names.of(WEB)));
    for (int i = 0; i < 1000; i++) {
      names.of(WEB);
    }
    assertEquals(
        List.of("GET /_ping HTTP/1.1", "GET /containers/" + ID + "/json HTTP/1.1"),
        List.copyOf(asked));
    assertEquals(List.of(), List.copyOf(remarks));
  }

  @Test
  void whatNobodyKnowsIsNotAskedForAgainAtOnce() throws IOException {
    serve(http(404, "{}"));
    RuntimeNames names = names();
    names.of(WEB);
    await().until(() -> asked.size() == 2);
    Container other = new Container("ab".repeat(32), "docker", "", "", "");
    Container third = new Container("cd".repeat(32), "docker", "", "", "");
    // In their order: a question for the first would come before that for the third.
    names.of(other);
    await().until(() -> asked.size() == 3);
    names.of(WEB);
    names.of(third);
    await().until(() -> List.copyOf(asked).getLast().contains(third.id()));
    assertEquals(
        Stream.of(WEB, other, third).map(Container::id).toList(),
        asked.stream().skip(1).map(line -> line.split("/", -1)[2]).toList());
    assertEquals(List.of(), List.copyOf(remarks));
  }

  @Test
  void runtimeThatNeverAnswersHoldsUpNobody() throws IOException {
    serve("");
    RuntimeNames names = names();
    AtomicInteger questions = new AtomicInteger();
    await()
        .until(
            () -> {
              // More than there is room for.
              for (int i = 0; i < 1000; i++) {
                String id = "%064x".formatted(questions.incrementAndGet());
                assertEquals(ContainerName.NONE, names.of(new Container(id, "docker", "", "", "")));
              }
              return !remarks.isEmpty();
            });
    awaitRemark(socket() + " can't be asked for names of containers: no answer within 2 s");
  }

  @Test
  void whatNobodyKnewIsAskedForAgainAfterFiveSeconds() throws IOException {
    serve(socket(), List.of(http(200, ""), http(404, "{}"), http(200, FOUND)));
    RuntimeNames names = names();
    names.of(WEB);
    await().until(() -> asked.size() == 2);
    await()
        .untilAsserted(
            () -> {
              clock.advance(Duration.ofSeconds(5));
              assertEquals(NAME, names.of(WEB));
            });
    clock.advance(Duration.ofMinutes(10).minusNanos(1));
    names.of(WEB);
    clock.advance(Duration.ofNanos(1));
    assertEquals(NAME, names.of(WEB), "the name that is known stays while it is asked for again");
    await().until(() -> asked.size() == 4);
  }

  @Test
  void socketThatFailedIsPassedOverForFiveSeconds() throws Exception {
    serve(socket(), List.of(http(500, "oh"), http(500, "oh"), http(200, FOUND)));
    try (UnixConnector connector = new UnixConnector(Duration.ofSeconds(30))) {
      Asked one =
          new Asked(
              connector,
              new RuntimeSocket(socket(), Set.of(), Optional.of(RuntimeSocket.Speaks.DOCKER)),
              remarks::add,
              clock::nanoTime);
      String failure = socket() + " can't be asked for names of containers: HTTP status 500";
      assertEquals(Optional.empty(), one.name("docker", ID));
      assertEquals(List.of(failure), List.copyOf(remarks));
      clock.advance(Duration.ofSeconds(5).minusNanos(1));
      assertEquals(Optional.empty(), one.name("docker", ID));
      assertEquals(1, asked.size());
      clock.advance(Duration.ofNanos(1));
      assertEquals(Optional.empty(), one.name("docker", ID));
      assertEquals(2, asked.size());
      assertEquals(1, remarks.size(), "said once");
      clock.advance(Duration.ofSeconds(5));
      assertEquals(Optional.of(NAME), one.name("docker", ID));
      assertEquals(
          List.of(failure, socket() + " can be asked again for names of containers"),
          List.copyOf(remarks));
    }
  }

  @Test
  void badAnswersAreSaidOnce() throws IOException {
    serve(http(500, "oh"));
    RuntimeNames names = names();
    names.of(WEB);
    names.of(new Container("ab".repeat(32), "docker", "", "", ""));
    awaitRemark(socket() + " can't be asked for names of containers: HTTP status 500");
  }

  @Test
  void aContainerIsQueriedAgainAfterABug() throws IOException {
    serve(socket(), List.of(http(500, "oh"), http(500, "oh"), http(200, FOUND)));
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    AtomicInteger said = new AtomicInteger();
    Consumer<String> bug =
        _ -> {
          if (said.getAndIncrement() == 0) {
            throw new AssertionError("a bug");
          }
        };
    try (RuntimeNames names =
        RuntimeNames.ask(
            List.of(RuntimeSocket.at(socket())), bug, failures::add, clock::nanoTime)) {
      assertEquals(ContainerName.NONE, names.of(WEB));
      await().until(() -> !failures.isEmpty());
      await()
          .untilAsserted(
              () -> {
                clock.advance(Duration.ofSeconds(5));
                assertEquals(NAME, names.of(WEB), () -> asked + " " + failures);
              });
    }
  }

  @Test
  void runtimeThatNeverAnswersStarvesNoOther() throws IOException {
    serve("");
    Path good = directory.resolve("good");
    serve(good, List.of(http(200, FOUND)));
    RuntimeNames names = names(RuntimeSocket.at(socket()), RuntimeSocket.at(good));
    List<Container> all =
        Stream.of("ab", "cd", "ef")
            .map(id -> new Container(id.repeat(32), "docker", "", "", ""))
            .toList();
    all.forEach(names::of);
    await().untilAsserted(() -> all.forEach(one -> assertEquals(NAME, names.of(one))));
    assertEquals(2, asked.stream().filter("GET /_ping HTTP/1.1"::equals).count(), asked::toString);
  }

  @Test
  void whatHungUpWhenItWasAskedWhatItSpeaksIsAskedAgain() throws IOException {
    // The second is to what was taken for gRPC.
    serve(socket(), List.of("\0", "\0", http(200, FOUND)));
    RuntimeNames names = names();
    await()
        .untilAsserted(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              assertEquals(NAME, names.of(WEB));
            });
    assertEquals("GET /containers/" + ID + "/json HTTP/1.1", List.copyOf(asked).getLast());
  }

  @Test
  void questionThatGoesWrongInAnyWayIsNotTheLast() throws IOException {
    serve(http(200, FOUND));
    Path ofAnotherFileSystem = Path.of(URI.create("jrt:/java.base"));
    RuntimeNames names = names(RuntimeSocket.at(ofAnotherFileSystem), RuntimeSocket.at(socket()));
    await().untilAsserted(() -> assertEquals(NAME, names.of(WEB)));
    assertEquals(1, remarks.size());
  }

  @Test
  void whatSpeaksNeitherIsSaid() throws IOException {
    serve("SSH-2.0-OpenSSH_9.9\r\n\r\n");
    names().of(WEB);
    await().until(() -> !remarks.isEmpty());
    assertTrue(
        remarks.peek().startsWith(socket() + " can't be asked for names of containers: "),
        remarks::peek);
  }

  @Test
  void runtimeThatIsNotThereIsSaidOnlyIfItWasNamed() {
    Path usual = directory.resolve("usual");
    RuntimeNames names =
        names(
            new RuntimeSocket(usual, Set.of("docker"), Optional.empty()),
            RuntimeSocket.at(socket()));
    names.of(WEB);
    await().until(() -> !remarks.isEmpty());
    assertTrue(remarks.peek().startsWith(socket() + " can't be asked"), remarks::peek);
    assertEquals(1, remarks.size());
  }

  @Test
  void onlyIdsAreAskedForAndOnlyWhereTheyBelong() throws IOException {
    serve(http(200, FOUND));
    RuntimeNames names =
        names(
            new RuntimeSocket(
                socket(), Set.of("podman"), Optional.of(RuntimeSocket.Speaks.DOCKER)));
    names.of(WEB);
    names.of(new Container("../../images", "podman", "", "", ""));
    names.of(new Container("web", "lxc", "", "", ""));
    Container podman = new Container("ab".repeat(32), "podman", "", "", "");
    await().untilAsserted(() -> assertEquals(NAME, names.of(podman)));
    assertEquals(List.of("GET /containers/" + podman.id() + "/json HTTP/1.1"), List.copyOf(asked));
  }
}
