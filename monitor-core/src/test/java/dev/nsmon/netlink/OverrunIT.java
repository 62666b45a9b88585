package dev.nsmon.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.Push;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is lost is told, and a kernel that falls silent is noticed: with a small buffer and a
/// reader that is held up, on the real kernel.
class OverrunIT {
  private static final int SMALL = 64 * 1024;
  private static final int PORT = 2;
  private static final int DROPS = 8;
  private static final int INODE = 9;

  private final List<Push> pushes = new CopyOnWriteArrayList<>();

  /// Closed, it holds the reader up.
  private final Semaphore gate = new Semaphore(1);

  private final ProcConnector source =
      new ProcConnector(Inodes.NONE, HostClock.SYSTEM, SMALL, Duration.ofMillis(3));

  @BeforeAll
  static void itCanBeHad() {
    String problem = ProcConnectorCheck.problem(new Libc(), HostClock.SYSTEM::nanoTime);
    assumeTrue(problem.isEmpty(), () -> "the proc connector can't be had: " + problem);
  }

  private void start() throws IOException {
    source.start(
        push -> {
          gate.acquireUninterruptibly();
          gate.release();
          pushes.add(push);
        });
  }

  private static void until(String what, BooleanSupplier condition) {
    await(what)
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(10))
        .until(condition::getAsBoolean);
  }

  private long count(Class<? extends Push> kind) {
    return pushes.stream().filter(kind::isInstance).count();
  }

  private boolean hasToldExitOf(long pid) {
    return pushes.stream()
        .anyMatch(
            push ->
                push instanceof Push.Batch batch
                    && batch.records().stream()
                        .anyMatch(record -> record instanceof Exited && record.tid() == pid));
  }

  private static long run(String... command) {
    return Ran.of(command).well().pid();
  }

  /// The row of `/proc/net/netlink` of the source's socket: the one of this process.
  private static String[] row() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/net/netlink"))) {
      String[] row = line.strip().split(" +");
      if (row[1].equals("11") && !row[PORT].equals("0") && descriptor(row[INODE]) >= 0) {
        return row;
      }
    }
    throw new AssertionError("no socket of the source");
  }

  /// Which descriptor of this process that socket is; -1 if none.
  private static int descriptor(String inode) throws IOException {
    try (DirectoryStream<Path> list = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : list) {
        if (Files.isSymbolicLink(entry)
            && Files.readSymbolicLink(entry).toString().equals("socket:[" + inode + "]")) {
          return Integer.parseInt(entry.getFileName().toString());
        }
      }
    }
    return -1;
  }

  private static long drops() throws IOException {
    return Long.parseLong(row()[DROPS]);
  }

  @Test
  void overrunIsToldOnceWithItsCountAndItGoesOn() throws Exception {
    try (source) {
      start();
      until("a first batch", () -> count(Push.Batch.class) > 0);
      assertEquals(0, drops());
      gate.acquireUninterruptibly();
      run("sh", "-c", "i=0; while [ $i -lt 400 ]; do (:); i=$((i+1)); done");
      assertTrue(drops() > 400, () -> "the buffer was to overflow");
      gate.release();
      until("the loss", () -> count(Push.Lost.class) > 0);

      long after = run("true");
      until("the exit of a process that came later", () -> hasToldExitOf(after));
      until("an empty second or so", () -> count(Push.Batch.class) > 30);
      List<Push> lost = pushes.stream().filter(Push.Lost.class::isInstance).toList();
      assertEquals(List.of(new Push.Lost(OptionalLong.of(drops()))), lost);
      assertEquals(0, count(Push.Down.class));
    }
  }

  /// A filter that lets nothing pass is what a kernel looks like that has forgotten us.
  @Test
  @Tag("full")
  void silentKernelIsAskedAndLeft() throws Exception {
    Libc libc = new Libc();
    int self = libc.pidfdOpen((int) ProcessHandle.current().pid(), 0);
    int copy = -1;
    try (source) {
      start();
      copy = libc.pidfdGetfd(self, descriptor(row()[INODE]));
      attachFilterThatDropsAll(libc, copy);
      until("it to be noticed", () -> count(Push.Down.class) > 0);
      until("a new socket", () -> count(Push.Up.class) > 0);
      long after = run("true");
      until("the exit of a process that came later", () -> hasToldExitOf(after));
      List<Push> changes = pushes.stream().filter(push -> !(push instanceof Push.Batch)).toList();
      assertEquals(
          List.of(
              new Push.Down("the proc connector has failed: the kernel has stopped telling"),
              new Push.Up()),
          changes);
    } finally {
      ignore(libc, copy);
      libc.close(copy);
      libc.close(self);
    }
  }

  /// The source says nothing to a kernel that has forgotten it; this one has not.
  private static void ignore(Libc libc, int fd) {
    MemorySegment message = Arena.global().allocate(40, 4);
    message.set(JAVA_INT, 0, 40);
    message.set(JAVA_INT, 16, 1);
    message.set(JAVA_INT, 20, 1);
    message.set(JAVA_INT, 32, 4);
    message.set(JAVA_INT, 36, ConnectorSocket.IGNORE);
    assertEquals(40, libc.send(fd, message, 40, 0));
  }

  /// `struct sock_fprog`: u16 length, pointer to as many instructions; `BPF_RET | BPF_K` with 0.
  private static void attachFilterThatDropsAll(Libc libc, int fd) {
    MemorySegment instruction = Arena.global().allocate(8, 8);
    instruction.set(JAVA_SHORT, 0, (short) 6);
    MemorySegment program = Arena.global().allocate(16, 8);
    program.set(JAVA_SHORT, 0, (short) 1);
    program.set(ADDRESS, 8, instruction);
    assertEquals(0, libc.setsockopt(fd, 1, 26, program));
  }

  @Test
  void bugInTheReceiverIsSaidAndItBeginsAnew() throws IOException {
    AtomicBoolean planted = new AtomicBoolean();
    source.start(
        push -> {
          pushes.add(push);
          if (push instanceof Push.Batch && planted.compareAndSet(false, true)) {
            throw new IllegalStateException("planted");
          }
        });
    until("it to work again", () -> count(Push.Up.class) > 0);
    source.close();
    assertEquals(
        new Push.Down(
            "the proc connector has failed: which is a bug:"
                + " java.lang.IllegalStateException: planted"),
        pushes.get(1));
    assertEquals(new Push.Up(), pushes.get(2));
  }
}
