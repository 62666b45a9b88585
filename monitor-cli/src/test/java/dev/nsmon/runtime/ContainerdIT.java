package dev.nsmon.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.ContainerName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real containerd tells what its containers are called, whether Kubernetes' interface or its own
/// has made them.
@Tag("full")
final class ContainerdIT {
  private static final String CRI = "/runtime.v1.RuntimeService/";

  @TempDir private Path directory;
  private final ConcurrentLinkedQueue<String> remarks = new ConcurrentLinkedQueue<>();

  private void awaitName(Containerd containerd, String id, ContainerName name) {
    try (RuntimeNames names =
        RuntimeNames.ask(
            List.of(RuntimeSocket.at(containerd.socket())),
            remarks::add,
            RuntimeNamesTest::fail,
            System::nanoTime)) {
      Container container = new Container(id, "containerd", "", "", "");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertEquals(name, names.of(container), remarks::toString));
    }
    assertEquals(List.of(), List.copyOf(remarks));
  }

  @Test
  void containerOfItsOwnHasAnImageAndTheNameThatNerdctlGives() throws IOException {
    String id = "0a".repeat(32);
    try (Containerd containerd = Containerd.start(directory)) {
      containerd.image("default");
      containerd.ctr(
          "container",
          "create",
          "--snapshotter",
          "native",
          "--label",
          "nerdctl/name=web",
          Containerd.IMAGE,
          id);
      awaitName(containerd, id, new ContainerName("web", Containerd.IMAGE));
      containerd.ctr("container", "rm", id);
    }
  }

  @Test
  void containerOfAPodHasItsNameAndImage() throws IOException, InterruptedException {
    try (Containerd containerd = Containerd.start(directory)) {
      containerd.image("k8s.io");
      try (UnixConnector connector = new UnixConnector(Duration.ofSeconds(30));
          UnixGrpc cri = new UnixGrpc(connector, containerd.socket())) {
        byte[] pod =
            message(
                field(1, message(field(1, "pod"), field(2, "uid"), field(3, "default"))),
                // Namespaces of the node, so that no network has to be made.
                field(8, message(field(2, message(field(1, new byte[] {8, 2}))))));
        String sandbox = call(cri, "RunPodSandbox", message(field(1, pod)));
        try {
          byte[] container =
              message(
                  field(1, message(field(1, "nginx"))),
                  field(2, message(field(1, Containerd.IMAGE))));
          String id =
              call(
                  cri,
                  "CreateContainer",
                  message(field(1, sandbox), field(2, container), field(3, pod)));
          awaitName(containerd, id, new ContainerName("nginx", Containerd.IMAGE));
        } finally {
          cri.call(CRI + "StopPodSandbox", message(field(1, sandbox)), Map.of());
          cri.call(CRI + "RemovePodSandbox", message(field(1, sandbox)), Map.of());
        }
      }
    }
  }

  /// The id that comes of it; the service is there a moment after the socket.
  private static String call(UnixGrpc cri, String method, byte[] request) {
    UnixGrpc.Answer answer =
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> cri.call(CRI + method, request, Map.of()), UnixGrpc.Answer::isOk);
    assertTrue(answer.isOk(), method);
    return answer.message().text(1);
  }

  private static byte[] field(int number, String text) {
    return field(number, text.getBytes(UTF_8));
  }

  private static byte[] field(int number, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    out.write((value.length & 0x7f) | (value.length > 127 ? 0x80 : 0));
    if (value.length > 127) {
      out.write(value.length >> 7);
    }
    out.writeBytes(value);
    return out.toByteArray();
  }

  private static byte[] message(byte[]... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] field : fields) {
      out.writeBytes(field);
    }
    return out.toByteArray();
  }
}
