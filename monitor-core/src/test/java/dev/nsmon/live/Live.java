package dev.nsmon.live;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Lets a live test run only where it can, and fails it if it leaves a descriptor open.
public final class Live implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(Live.class);

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    assumeTrue(uid.equals(0), "only root may make namespaces of every type");
    Path program = NsHelper.program();
    assumeTrue(Files.exists(program), "there is no gcc to compile the helper with");
    try (NsHelper helper = NsHelper.start()) {
      assumeTrue(
          helper.id(helper.pid(), "uts").id() > 0,
          "the kernel has no NS_GET_ID, which these tests check the product against");
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    context.getStore(STORE).put("before", descriptors());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Object before = context.getStore(STORE).get("before");
    await()
        .atMost(Watch.PATIENCE)
        .pollInSameThread()
        .untilAsserted(() -> assertEquals(before, descriptors(), "open descriptors"));
  }

  /// How many descriptors this JVM has open of each kind: pipes, sockets, namespaces, files of
  /// /proc. Those of other files are the class loader's business.
  static Map<String, Integer> descriptors() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    try (DirectoryStream<Path> list = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : list) {
        if (!Files.isSymbolicLink(entry)) {
          continue; // It was the descriptor of this very list, or has been closed since.
        }
        String target = Files.readSymbolicLink(entry).toString();
        if (!target.startsWith("/") || target.startsWith("/proc")) {
          counts.merge(target.replaceAll("[0-9]+]$|^/proc/[0-9]+/fd$", ""), 1, Integer::sum);
        }
      }
    }
    return counts;
  }
}
