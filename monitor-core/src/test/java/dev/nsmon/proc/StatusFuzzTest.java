package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;

/// The last `Uid:` and `NSpid:` are read back, whatever the other lines are.
class StatusFuzzTest {

  @FuzzTest(maxDuration = "20s")
  void whatIsWrittenIsReadBack(FuzzedDataProvider data) {
    int uid = data.consumeInt(0, Integer.MAX_VALUE);
    List<Integer> pids = new ArrayList<>();
    for (int i = data.consumeInt(1, 5); i > 0; i--) {
      pids.add(data.consumeInt(0, Integer.MAX_VALUE));
    }
    StringBuilder file = new StringBuilder();
    file.append(new String(data.consumeBytes(60), ISO_8859_1)).append('\n');
    file.append("Uid:\t").append(uid).append("\t1\t2\t3\n");
    file.append("Other:\t")
        .append(new String(data.consumeBytes(60), ISO_8859_1).replace('\n', ' '));
    file.append("\nNSpid:");
    pids.forEach(pid -> file.append('\t').append(pid));
    byte[] bytes = file.append('\n').toString().getBytes(ISO_8859_1);
    assertEquals(new Status(uid, pids), Status.parse(bytes, bytes.length));
  }

  @FuzzTest(maxDuration = "20s")
  void linesAreReadOneByOne(byte[] file) {
    Status expected = new Status(-1, List.of());
    for (String line : new String(file, ISO_8859_1).split("\n", -1)) {
      byte[] bytes = line.getBytes(ISO_8859_1);
      Status one = Status.parse(bytes, bytes.length);
      expected =
          new Status(
              line.startsWith("Uid:\t") ? one.uid() : expected.uid(),
              line.startsWith("NSpid:\t") ? one.nsPids() : expected.nsPids());
    }
    assertEquals(expected, Status.parse(file, file.length));
  }
}
