import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A tape archive as POSIX.1-1988 has it (`ustar`), of owner 0 unless said otherwise, all of one
/// time, in the order in which things are added. Directories come before what is in them.
final class Tar implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int NAME = 100;

  private final OutputStream out;
  private final long seconds;

  /// The directories that are in it.
  private final Set<String> directories = new HashSet<>();

  /// @param seconds since the epoch: the time of every file
  Tar(OutputStream out, long seconds) {
    this.out = out;
    this.seconds = seconds;
  }

  /// Adds a directory, and those above it, unless it is there.
  void directory(String name) throws IOException {
    directory(name, 0755, 0);
  }

  void directory(String name, int mode, int owner) throws IOException {
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      directory(name.substring(0, slash));
    }
    if (directories.add(name)) {
      header(name + "/", mode, owner, 0, '5', "");
    }
  }

  void file(String name, int mode, byte[] content) throws IOException {
    above(name);
    header(name, mode, 0, content.length, '0', "");
    out.write(content);
    pad(content.length);
  }

  /// Adds a file as it is, not what a link points to; executable if it is so for its owner.
  void file(String name, Path file) throws IOException {
    above(name);
    boolean runs =
        Files.readAttributes(file, PosixFileAttributes.class)
            .permissions()
            .contains(PosixFilePermission.OWNER_EXECUTE);
    long size = Files.size(file);
    header(name, runs ? 0755 : 0644, 0, size, '0', "");
    if (Files.copy(file, out) != size) {
      throw new IOException(file + " changed while it was read");
    }
    pad(size);
  }

  void link(String name, String to) throws IOException {
    above(name);
    header(name, 0777, 0, 0, '2', to);
  }

  /// Adds all files below a directory, in the order of their names.
  void tree(String name, Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      List<Path> files = tree.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        file(name + "/" + root.relativize(file), file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }

  private void above(String name) throws IOException {
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      directory(name.substring(0, slash));
    }
  }

  private void header(String name, int mode, int owner, long size, char type, String to)
      throws IOException {
    byte[] header = new byte[BLOCK];
    put(header, 0, NAME, name);
    octal(header, 100, 8, mode);
    octal(header, 108, 8, owner);
    octal(header, 116, 8, owner);
    octal(header, 124, 12, size);
    octal(header, 136, 12, seconds);
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) type;
    put(header, 157, NAME, to);
    put(header, 257, 8, "ustar\00000");
    int sum = 0;
    for (byte one : header) {
      sum += one & 0xff;
    }
    octal(header, 148, 7, sum);
    out.write(header);
  }

  private static void put(byte[] header, int at, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > room) {
      throw new IllegalArgumentException("too long for a header: " + text);
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static void octal(byte[] header, int at, int room, long value) {
    put(header, at, room - 1, String.format("%0" + (room - 1) + "o", value));
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }
}
