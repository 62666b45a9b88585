package dev.nsmon.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process may have any bytes for its name, and deceives nobody by it.
@ExtendWith(Live.class)
class HostileIT {

  /// One char for each byte; the kernel keeps 15.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[31m\n) (\u00ff\u00e2\u0080\u00ae",
        ") R 1 1 1 1 (",
        "a) S 1 1 1 1 1",
        "Uid:\t0\nNSpid:\t",
        "\nNSpid:\t1\t2\n",
        "\u0000",
        "()",
        "\u00ff\u00fe\u00c0\u0080\u00ed\u00a0\u0080",
        "123456789012345"
      })
  void whateverItsNameIsItsOtherFieldsAreItsOwn(String name) throws IOException {
    try (NsHelper helper = NsHelper.start();
        NsHelper probe = NsHelper.start();
        Watch watch = Watch.begin()) {
      int pid = helper.pid();
      long start = startTicks(pid);
      helper.ask("name", HexFormat.of().formatHex(name.getBytes(ISO_8859_1)));
      helper.unshare("uts");
      watch.untilIn(pid, probe.id(pid, "uts"));

      ProcessInfo info = watch.task(pid).orElseThrow().info();
      byte[] comm = Files.readAllBytes(Path.of("/proc", "" + pid, "comm"));
      assertEquals(new String(comm, 0, comm.length - 1, UTF_8), info.comm());
      assertEquals(ProcessHandle.current().pid(), info.ppid());
      assertEquals(start, info.startTicks());
      assertEquals(0, info.uid());
      assertEquals(List.of(pid), info.nsPids());
      assertEquals(NsHelper.program().toString(), info.exe());
    }
  }

  /// Before the process has any name of its choice.
  private static long startTicks(int pid) throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc", "" + pid, "stat")).split(" ", -1)[21]);
  }
}
