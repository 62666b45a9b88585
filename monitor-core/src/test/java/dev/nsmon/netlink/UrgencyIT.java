package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What the kernel then says of the thread, and of the threads it starts.
class UrgencyIT {
  private static final int POLICY = 41;
  private static final long CAP_SYS_NICE = 1L << 23;

  @Test
  void aThreadIsRealTimeAndThoseItStartsAreNot() throws Exception {
    assumeTrue(hasCapSysNice(), "without CAP_SYS_NICE no thread may be a real-time one");
    CompletableFuture<String> urgent = new CompletableFuture<>();
    CompletableFuture<String> below = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  Urgency.ofThisThread();
                  urgent.complete(policy());
                  Thread.ofPlatform().start(() -> below.complete(policy()));
                });
    thread.join(Duration.ofSeconds(20));
    assertEquals("1", urgent.get(20, TimeUnit.SECONDS));
    assertEquals("0", below.get(20, TimeUnit.SECONDS));
  }

  private static boolean hasCapSysNice() throws IOException {
    String effective =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .findFirst()
            .orElseThrow()
            .split("\\s+", -1)[1];
    return (Long.parseUnsignedLong(effective, 16) & CAP_SYS_NICE) != 0;
  }

  private static String policy() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[POLICY - 3];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
