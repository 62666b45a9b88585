package dev.nsmon.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nsmon.namespace.NamespaceType;
import java.util.Optional;

/// A mount point is read back whatever its bytes are.
class MountInfoLineFuzzTest {

  @FuzzTest(maxDuration = "20s")
  void whatTheKernelEscapesIsReadBack(FuzzedDataProvider data) {
    NamespaceType type = data.pickValue(NamespaceType.values());
    long inode = data.consumeLong(0, 0xFFFF_FFFFL);
    String path = "/" + new String(data.consumeRemainingAsBytes(), ISO_8859_1);
    String line =
        "36 35 0:4 %s:[%d] %s rw shared:24 - nsfs nsfs rw".formatted(type, inode, escape(path));
    assertEquals(
        Optional.of(new MountInfoLine(new NamespaceName(type, inode), path)),
        MountInfoLine.parse(line.getBytes(ISO_8859_1)));
  }

  /// As `seq_path` does.
  private static String escape(String path) {
    StringBuilder escaped = new StringBuilder();
    path.chars()
        .forEach(
            c -> {
              if (" \t\n\\#".indexOf(c) >= 0) {
                escaped.append('\\').append("%03o".formatted(c));
              } else {
                escaped.append((char) c);
              }
            });
    return escaped.toString();
  }

  @FuzzTest(maxDuration = "20s")
  void onlyTheFourthFieldMakesAnNsfsMount(byte[] line) {
    Optional<MountInfoLine> mount = MountInfoLine.parse(line);
    String[] fields = new String(line, ISO_8859_1).split(" ", -1);
    boolean named =
        fields.length > 5
            && NamespaceName.parse(fields[3].getBytes(ISO_8859_1), 0, fields[3].length())
                .isPresent();
    assertEquals(named, mount.isPresent());
    mount.ifPresent(one -> assertTrue(one.mountPoint().length() <= fields[4].length()));
  }
}
