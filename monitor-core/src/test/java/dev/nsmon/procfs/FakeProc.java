package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// A proc file system made of plain files and dangling links, as far as the scanner reads one.
///
/// Namespaces are named as the kernel shows them, `net:[4290000001]`; what is not named is initial.
/// A pid that is handed out again gets a directory with another inode, as in the real one.
public final class FakeProc {
  private final Path root;
  private int graves;

  public FakeProc(Path root) {
    this.root = root;
  }

  public String mountPoint() {
    return root.toString();
  }

  /// Puts a live process there, in place of the one that may have the pid.
  public void process(int pid, long startTicks, String... namespaces) {
    bury(pid);
    task(root.resolve(Integer.toString(pid)), pid, startTicks, namespaces);
  }

  /// Adds a thread; the directory of threads names the main one too.
  public void thread(int pid, int tid, long startTicks, String... namespaces) {
    Path tasks = directory(pid, "task");
    if (!Files.exists(tasks.resolve(Integer.toString(pid)))) {
      make(tasks.resolve(Integer.toString(pid)));
    }
    task(tasks.resolve(Integer.toString(tid)), tid, startTicks, namespaces);
  }

  /// The process or thread is elsewhere from now on in the types that these names have.
  public void move(int pid, String... namespaces) {
    for (String name : namespaces) {
      String type = name.substring(0, name.indexOf(':'));
      link(directory(pid, "ns").resolve(type), name);
      if (type.equals("pid") || type.equals("time")) {
        link(directory(pid, "ns").resolve(type + "_for_children"), name);
      }
    }
  }

  /// One link of `/proc/PID/ns` leads elsewhere.
  public void link(int pid, String link, String name) {
    link(directory(pid, "ns").resolve(link), name);
  }

  /// The process has exited: all links but `pid` and `user` fail as if they were not there.
  public void zombie(int pid, int threads, long startTicks) {
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      String name = NamespaceLink.at(link).fileName();
      if (!name.equals("pid") && !name.equals("user")) {
        delete(directory(pid, "ns").resolve(name));
      }
    }
    write(directory(pid, "stat"), stat(pid, "fake", 'Z', threads, startTicks));
  }

  /// The main thread of the process exits, and is in its namespaces yet.
  public void exiting(int pid, int threads, long startTicks) {
    write(
        directory(pid, "stat"),
        stat(pid, "fake", 'R', threads, startTicks).replace(" 4194560 ", " 4194564 "));
  }

  /// The process is dying: its directory was listed, and nothing is in it any more.
  public void hollow(int pid) {
    bury(pid);
    make(directory(pid, "."));
  }

  public void exit(int pid) {
    delete(directory(pid, "."));
  }

  public void threadExit(int pid, int tid) {
    delete(directory(pid, "task").resolve(Integer.toString(tid)));
  }

  /// An open descriptor; its target is text as `readlink(2)` gives it.
  public void descriptor(int pid, int fd, String target) {
    link(make(directory(pid, "fd")).resolve(Integer.toString(fd)), target);
  }

  /// The table of mounts that the process sees.
  public void mounts(int pid, String... lines) {
    write(directory(pid, "mountinfo"), String.join("\n", lines) + "\n");
  }

  /// Any other file or link of the process.
  public Path directory(int pid, String entry) {
    return root.resolve(Integer.toString(pid)).resolve(entry);
  }

  /// Replaces an entry of the process by a file.
  public void fileInstead(int pid, String entry) {
    delete(directory(pid, entry));
    write(directory(pid, entry), "");
  }

  /// Replaces a file or directory by a link.
  public void linkInstead(Path path, String target) {
    delete(path);
    link(path, target);
  }

  static String stat(int pid, String comm, char state, int threads, long startTicks) {
    return "%d (%s) %c 1 1 1 0 -1 4194560 9 0 0 0 1 2 0 0 20 0 %d 0 %d 1 2 3\n"
        .formatted(pid, comm, state, threads, startTicks);
  }

  private static void task(Path directory, int tid, long startTicks, String... namespaces) {
    make(directory.resolve("ns"));
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      NamespaceLink of = NamespaceLink.at(link);
      String name = of.type() + ":[" + of.type().initialInode() + "]";
      for (String own : namespaces) {
        name = own.startsWith(of.type() + ":") ? own : name;
      }
      link(directory.resolve("ns").resolve(of.fileName()), name);
    }
    write(directory.resolve("stat"), stat(tid, "fake", 'S', 1, startTicks));
    write(
        directory.resolve("status"),
        "Name:\tfake\nUid:\t1000\t1001\t1002\t1003\nNSpid:\t" + tid + "\t2\n");
    write(directory.resolve("cgroup"), "0::/fake.slice/" + tid + ".scope\n");
    link(directory.resolve("exe"), "/usr/bin/fake");
  }

  private void bury(int pid) {
    try {
      if (Files.exists(directory(pid, "."))) {
        Files.move(root.resolve(Integer.toString(pid)), root.resolve("buried" + graves++));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path make(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void link(Path link, String target) {
    try {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.walkFileTree(path.normalize(), new Eraser());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Eraser extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
