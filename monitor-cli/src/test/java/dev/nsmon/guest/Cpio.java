package dev.nsmon.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Writes a cpio archive in the `newc` format, which Linux takes as its first file system
/// (Documentation/driver-api/early-userspace/buffer-format.rst). All in it belongs to root.
final class Cpio implements Closeable {
  private static final int DIRECTORY = 0040755;
  private static final int SYMLINK = 0120777;
  private static final int PROGRAM = 0100755;
  private static final int FILE = 0100644;

  private final OutputStream out;

  /// What is in it already: the kernel would make it anew.
  private final Set<String> names = new HashSet<>();

  private long written;

  Cpio(Path archive) throws IOException {
    out = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
  }

  /// A directory, after those it lies in. The path is absolute.
  void directory(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      directory(path.substring(0, slash));
    }
    entry(path, DIRECTORY, new byte[0]);
  }

  /// A file of these bytes, with the directories it lies in.
  void file(String path, boolean executable, byte[] content) throws IOException {
    parents(path);
    entry(path, executable ? PROGRAM : FILE, content);
  }

  /// A copy of a file. What it is in, and where a symlink leads, is resolved.
  void copy(String path, Path file) throws IOException {
    file(path, Files.isExecutable(file), Files.readAllBytes(file));
  }

  void symlink(String path, String target) throws IOException {
    parents(path);
    entry(path, SYMLINK, target.getBytes(UTF_8));
  }

  private void parents(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      directory(path.substring(0, slash));
    }
  }

  private void entry(String path, int mode, byte[] content) throws IOException {
    if (names.add(path)) {
      record(path.substring(1), names.size(), mode, content);
    }
  }

  private void record(String name, int inode, int mode, byte[] content) throws IOException {
    byte[] bytes = name.getBytes(UTF_8);
    StringBuilder header = new StringBuilder("070701");
    // inode, mode, uid, gid, links, time, size, device (4), size of the name, check sum
    int[] fields = {inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, bytes.length + 1, 0};
    for (int field : fields) {
      header.append("%08X".formatted(field));
    }
    write(header.toString().getBytes(UTF_8));
    write(bytes);
    write(new byte[1]);
    pad();
    write(content);
    pad();
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    written += bytes.length;
  }

  private void pad() throws IOException {
    write(new byte[(int) (-written & 3)]);
  }

  @Override
  public void close() throws IOException {
    record("TRAILER!!!", 0, 0, new byte[0]);
    out.close();
  }
}
