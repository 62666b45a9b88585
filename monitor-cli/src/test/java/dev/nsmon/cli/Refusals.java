package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs command lines that are refused before anything is opened, all of them in one JVM of the
/// image: to start one for each took most of the time. Any thread; one at a time.
///
/// The JVM ends with this one.
final class Refusals {
  private static final String BETWEEN = "\u001f";
  private static final Pattern END = Pattern.compile("\0([0-9]+)\n");

  private static Child jvm;

  /// What has been read of its stdout and stderr.
  private static int outRead;

  private static int errRead;

  private Refusals() {}

  /// Runs `nsmon` with these arguments.
  static synchronized Result run(String... args) {
    if (jvm == null) {
      jvm = Child.start(program());
    }
    jvm.type(String.join(BETWEEN, args));
    MatchResult out = Child.eventually().until(() -> next(jvm.out(), outRead), Matcher::hasMatch);
    MatchResult err = Child.eventually().until(() -> next(jvm.err(), errRead), Matcher::hasMatch);
    Result result =
        new Result(
            Integer.parseInt(out.group(1)),
            jvm.out().substring(outRead, out.start()),
            jvm.err().substring(errRead, err.start()));
    outRead = out.end();
    errRead = err.end();
    return result;
  }

  private static Matcher next(String said, int from) {
    Matcher end = END.matcher(said);
    boolean _ = end.find(from);
    return end;
  }

  private static ProcessBuilder program() {
    Path image = Nsmon.image();
    String tests = Refusals.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return Nsmon.command(
        image.resolve("runtime/bin/java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.library.path=" + image.resolve("lib"),
        "-cp",
        image.resolve("lib") + "/*:" + tests,
        Refusals.class.getName());
  }

  /// Runs the command line of each line of stdin, and marks the end of what each has said by its
  /// exit code.
  static void main(String[] none) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String end = "\0" + Main.run(line.isEmpty() ? none : line.split(BETWEEN, -1)) + "\n";
      System.out.print(end);
      System.out.flush();
      System.err.print(end);
      System.err.flush();
    }
  }
}
