package dev.nsmon.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `nsmon serve --listen` on a loopback port that the kernel chose. The constructor returns when
/// the event source is open, so later events are reported and none is counted as lost.
final class Served implements AutoCloseable {
  private static final Pattern PLACE =
      Pattern.compile("nsmon: listening on (https?)://([0-9.]+:[0-9]+) \\(epoll\\)\n");

  private final Child child;
  private final URI place;

  private Served(Child child) {
    this.child = child;
    Child.eventually().until(() -> isReady(child.err()) || child.hasEndedWithin(Duration.ZERO));
    Matcher matcher = PLACE.matcher(child.err());
    if (!matcher.find()) {
      child.close();
      throw new AssertionError("does not listen: " + child.err());
    }
    place = URI.create(matcher.group(1) + "://" + matcher.group(2));
  }

  private static boolean isReady(String err) {
    return PLACE.matcher(err).find() && err.contains("nsmon: source: ");
  }

  /// Starts one without a journal.
  static Served start(String... options) {
    List<String> args = new ArrayList<>(List.of("--journal", "none", "--listen", "127.0.0.1:0"));
    args.addAll(List.of(options));
    return with(args);
  }

  /// Starts one with exactly these options.
  static Served with(List<String> options) {
    List<String> args = new ArrayList<>(List.of("serve"));
    args.addAll(options);
    return new Served(Nsmon.start(args.toArray(String[]::new)));
  }

  /// Takes one over that was started in another way.
  static Served of(Child serve) {
    return new Served(serve);
  }

  Child child() {
    return child;
  }

  int port() {
    return place.getPort();
  }

  String http(String path) {
    return place + path;
  }

  /// As `--from` takes it.
  String from() {
    return place.toString().replaceFirst("^http", "ws");
  }

  /// Writes a file that only its owner may read, as a token has to be.
  static Path secret(Path file, String secret) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, secret + "\n");
  }

  /// What curl says to this path.
  String ask(String path, String... options) {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "-m", "20"));
    command.addAll(List.of(options));
    command.add(http(path));
    Result result = Child.start(command.toArray(String[]::new)).result();
    return result.out();
  }

  /// Starts a tail with curl, over Server-Sent Events.
  Child tail(String query) {
    return Child.start(
        "curl", "-s", "-N", "-H", "Accept: text/event-stream", http("/events" + query));
  }

  @Override
  public void close() {
    child.close();
  }
}
