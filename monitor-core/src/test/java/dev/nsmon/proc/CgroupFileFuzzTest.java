package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// A cgroup is read back whatever its name is, and no name forges another.
class CgroupFileFuzzTest {

  @FuzzTest(maxDuration = "20s")
  void nameForgesNoOtherPath(FuzzedDataProvider data) {
    String above = "/..".repeat(data.consumeInt(0, 3));
    String other = data.consumeBoolean() ? "1:name=systemd:/user.slice\n" : "";
    // Neither a line end nor an empty name is possible; a replaced byte would not read back.
    String name = new String(data.consumeRemainingAsBytes(), UTF_8).replace('\n', ' ');
    String path = "/x" + name;
    byte[] file = (other + "0::" + above + path + "\n").getBytes(UTF_8);
    assertEquals(path, CgroupFile.path(file, file.length));
  }

  @FuzzTest(maxDuration = "20s")
  void pathIsTheEndOfSomeLine(byte[] file) {
    String path = CgroupFile.path(file, file.length);
    assertTrue((new String(file, UTF_8) + "\n").contains(path + "\n"), path);
    assertTrue(!path.startsWith("/../") && !path.equals("/.."), path);
  }
}
