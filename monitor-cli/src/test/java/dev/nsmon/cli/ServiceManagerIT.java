package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `nsmon serve` tells a service manager, received by a socket of another program.
class ServiceManagerIT {
  /// Prints a line for each datagram.
  private static final String RECEIVER =
      """
      import socket, sys
      name = sys.argv[1]
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind('\\0' + name[1:] if name[0] == '@' else name)
      print('bound', flush=True)
      while True:
          print(s.recv(4096).decode().replace('\\n', '|'), flush=True)
      """;

  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("python3");
  }

  private static Child receiver(String address) {
    Child receiver = Child.start("python3", "-c", RECEIVER, address);
    receiver.awaitLine(line -> line.equals("bound"));
    return receiver;
  }

  private static Child serve(String address, String micros, String... options) {
    List<String> args = new ArrayList<>(List.of("serve", "--journal", "none"));
    args.addAll(List.of(options));
    ProcessBuilder builder = Nsmon.nsmon(args.toArray(String[]::new));
    builder.environment().put("NOTIFY_SOCKET", address);
    builder.environment().put("WATCHDOG_USEC", micros);
    return Child.start(builder);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isToldOfReadinessEachLookAndTheEnd(boolean isAbstract) {
    String address = isAbstract ? "@nsmon-test-" + directory : directory.resolve("s").toString();
    try (Child receiver = receiver(address);
        Child serve = serve(address, "400000", "--source", "poll", "--interval", "100ms")) {
      String ready = receiver.awaitLine(line -> line.startsWith("READY=1|"));
      assertTrue(
          ready.matches("READY=1\\|STATUS=[1-9][0-9]* events told, by poll; last look at .*Z"),
          ready);
      Child.eventually()
          .until(
              () -> receiver.lines().stream().filter(l -> l.startsWith("WATCHDOG=1|")).count() > 3);
      serve.signal("TERM");
      receiver.awaitLine(line -> line.startsWith("STOPPING=1|"));
      serve.result().endedWith(143);
    }
  }

  /// The second look is an hour away: a timer would go on feeding.
  @Test
  @Tag("full")
  void theWatchdogIsFedByLooksOnly() {
    String address = directory.resolve("s").toString();
    try (Child receiver = receiver(address);
        Child serve = serve(address, "200000", "--source", "poll", "--interval", "1h")) {
      Child.eventually()
          .until(() -> receiver.lines().stream().filter(l -> l.startsWith("STATUS=")).count() > 10);
      assertEquals(
          List.of(), receiver.lines().stream().filter(l -> l.contains("WATCHDOG")).toList());
      assertTrue(
          serve.err().contains("the watchdog waits for 0 s, but looks may be 3600 s apart"),
          serve::err);
    }
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "relative|'relative' is no absolute path of at most 107 bytes",
        "/nowhere/at/all|'/nowhere/at/all' can't be reached: ENOENT",
        "/bad\u001b[2J|'/bad\\x1b[2J' can't be reached: ENOENT"
      })
  void aBadSocketIsSaidAndChangesNothing(String address, String said) {
    try (Child serve = serve(address, "1000000", "--file", "" + directory.resolve("events"))) {
      Path events = directory.resolve("events");
      Child.eventually()
          .until(() -> Files.exists(events) && Files.readString(events).contains("synced"));
      assertTrue(serve.err().startsWith("nsmon: NOTIFY_SOCKET: " + said + "\n"), serve::err);
    }
  }
}
