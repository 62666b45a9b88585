package dev.nsmon.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kernel of this machine is asked for the namespaces of this process.
final class NamespaceProbeTest {
  @ParameterizedTest
  @EnumSource(NamespaceType.class)
  void ownNamespaceIsOfItsTypeAndHasTheInodeOfItsLink(NamespaceType type) throws IOException {
    Path link = Path.of("/proc/self/ns/" + type.kernelName());
    assumeTrue(Files.exists(link), "this kernel has no " + type.kernelName() + " namespaces");
    try (ProcFs proc = new ProcFs(ProcFs.MOUNT_POINT, new Libc())) {
      NamespaceProbe probe = new NamespaceProbe(proc, true);
      int fd = proc.open(Libc.AT_FDCWD, ProcFs.name(link.toString()), Libc.O_RDONLY);
      try {
        assertEquals(Optional.of(type), probe.type(fd));
        assertTrue(probe.isNsfs(fd));
        assertEquals(
            Files.readSymbolicLink(link).toString(),
            type.kernelName() + ":[" + probe.inode(fd) + "]");
      } finally {
        proc.libc().close(fd);
      }
    }
  }
}
