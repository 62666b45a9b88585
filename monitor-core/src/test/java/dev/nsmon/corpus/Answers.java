package dev.nsmon.corpus;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.KernelCalls;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a kernel answers to the calls that the product makes, in words that two kernels can be
/// compared by: inodes and ids are numbered in the order in which they are seen first, processes
/// have names.
final class Answers {
  private static final int FD_NSFS_ROOT = -10003;

  private final KernelCalls kernel;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment buffer = arena.allocate(1 << 16, 8);
  private final MemorySegment mountId = arena.allocate(8, 8);
  private final Map<Long, String> names = new TreeMap<>();
  private final Map<String, MemorySegment> handles = new TreeMap<>();
  private final Map<Integer, String> processes = new TreeMap<>();
  private final List<String> lines = new ArrayList<>();

  Answers(KernelCalls kernel) {
    this.kernel = kernel;
  }

  /// What was answered until now.
  List<String> lines() {
    return List.copyOf(lines);
  }

  /// A heading.
  void when(String words) {
    lines.add("-- " + words);
  }

  /// Numbers inodes and ids anew: which of those that are free is used again is no matter.
  void forgetNumbers() {
    names.clear();
  }

  /// Closes what [#directory] has opened.
  void close(int fd) {
    kernel.close(fd);
  }

  /// This process is called so.
  void call(int pid, String name) {
    processes.put(pid, name);
  }

  private void say(String words) {
    String line = words;
    for (Map.Entry<Integer, String> entry : processes.entrySet()) {
      line = line.replaceAll("\\b" + entry.getKey() + "\\b", entry.getValue());
    }
    lines.add(line);
  }

  private MemorySegment path(String path) {
    return arena.allocateFrom(path);
  }

  private int open(String path, int flags) {
    return kernel.openat(Libc.AT_FDCWD, path(path), flags | Libc.O_CLOEXEC);
  }

  private static String word(long result) {
    return result < 0 ? Errno.name((int) -result) : "ok";
  }

  private String name(long number) {
    return names.computeIfAbsent(number, _ -> "n" + names.size());
  }

  private String named(String text) {
    return Pattern.compile("\\[(\\d+)]")
        .matcher(text)
        .replaceAll(match -> "[" + name(Long.parseLong(match.group(1))) + "]");
  }

  /// The links of a task, each read, opened, and asked all that an nsfs file can be asked.
  void links(int pid) {
    int directory = open("/proc/" + pid + "/ns", Libc.O_PATH | Libc.O_DIRECTORY);
    say("open /proc/" + pid + "/ns: " + word(directory));
    if (directory < 0) {
      return;
    }
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      String file = NamespaceLink.at(link).fileName();
      long length = kernel.readlinkat(directory, path(file), buffer, 48);
      say(file + ": " + (length < 0 ? word(length) : named(text((int) length))));
      int fd = kernel.openat(directory, path(file), Libc.O_RDONLY | Libc.O_CLOEXEC);
      say(file + " open: " + word(fd));
      if (fd >= 0) {
        ask(file, fd);
        kernel.close(fd);
      }
    }
    kernel.close(directory);
  }

  private String text(int length) {
    return new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  /// All that an open file can be asked as an nsfs file.
  void ask(String what, int fd) {
    int result = kernel.statx(fd, path(""), Libc.AT_EMPTY_PATH, 0x100, buffer);
    say(what + " inode: " + (result < 0 ? word(result) : name(buffer.get(JAVA_LONG, 32))));
    int flag = kernel.ioctl(fd, 0xb703, MemorySegment.NULL);
    say(what + " type: " + (flag < 0 ? word(flag) : type(flag)));
    related(what + " owner", kernel.ioctl(fd, 0xb701, MemorySegment.NULL));
    related(what + " parent", kernel.ioctl(fd, 0xb702, MemorySegment.NULL));
    int uid = kernel.ioctl(fd, 0xb704, buffer);
    say(what + " uid: " + (uid < 0 ? word(uid) : "is told"));
    MemorySegment handle = arena.allocate(8 + 128, 8);
    handle.set(JAVA_INT, 0, 16);
    int handled = kernel.nameToHandleAt(fd, path(""), handle, mountId, Libc.AT_EMPTY_PATH);
    boolean isNsfs = handled == 0 && handle.get(JAVA_INT, 4) == 0xf1;
    say(what + " handle: " + (handled < 0 ? word(handled) : isNsfs ? "nsfs" : "other"));
    if (isNsfs) {
      handles.put(what, handle);
      say(
          what
              + " handle has id "
              + name(handle.get(JAVA_LONG, 8))
              + " type "
              + type(handle.get(JAVA_INT, 16))
              + " inode "
              + name(handle.get(JAVA_INT, 20) & 0xffff_ffffL));
      handle(what);
    }
  }

  private static String type(int flag) {
    for (NamespaceType type : NamespaceType.values()) {
      if (type.cloneFlag() == flag) {
        return "" + type;
      }
    }
    return "unknown";
  }

  private void related(String what, int fd) {
    if (fd < 0) {
      say(what + ": " + word(fd));
      return;
    }
    kernel.statx(fd, path(""), Libc.AT_EMPTY_PATH, 0x100, buffer);
    say(what + ": " + name(buffer.get(JAVA_LONG, 32)));
    kernel.close(fd);
  }

  /// Whether the handle opens that this had when it was asked last.
  void handle(String what) {
    MemorySegment handle = handles.get(what);
    if (handle == null) {
      return;
    }
    int fd = open(handle);
    say(what + " handle opens: " + word(fd));
    if (fd >= 0) {
      kernel.close(fd);
    }
  }

  /// Whether none of their handles opens.
  boolean areStale(String... what) {
    boolean stale = true;
    for (String one : what) {
      int fd = open(handles.get(one));
      stale &= fd < 0;
      if (fd >= 0) {
        kernel.close(fd);
      }
    }
    return stale;
  }

  private int open(MemorySegment handle) {
    handle.set(JAVA_INT, 0, 16);
    return kernel.openByHandleAt(FD_NSFS_ROOT, handle, Libc.O_RDONLY | Libc.O_CLOEXEC);
  }

  /// A handle of what never was.
  void strangeHandle() {
    MemorySegment handle = arena.allocate(8 + 128, 8);
    handle.set(JAVA_INT, 0, 16);
    handle.set(JAVA_INT, 4, 0xf1);
    handle.set(JAVA_LONG, 8, 1L << 60);
    handle.set(JAVA_INT, 16, NamespaceType.NET.cloneFlag());
    int fd = kernel.openByHandleAt(FD_NSFS_ROOT, handle, Libc.O_RDONLY | Libc.O_CLOEXEC);
    say("handle of nothing: " + word(fd));
  }

  /// State and number of threads of a process, its table of mounts, its clock, its descriptors.
  void files(int pid) {
    String stat = read("/proc/" + pid + "/stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).split(" ", -1);
    say(
        "stat: "
            + (fields.length < 20
                ? stat
                : (fields[1].equals("Z") ? "zombie" : "alive")
                    + (Long.parseLong(fields[7]) & 4) / 4
                    + " threads "
                    + fields[18]));
    String mounts = read("/proc/" + pid + "/mountinfo");
    say("mountinfo: " + (mounts.contains(" / ") ? "mounts" : mounts));
    long cpu = kernel.clockNanos(Libc.processCpuClock(pid), buffer);
    say("cpu clock: " + word(cpu));
    int tasks = kernel.statx(Libc.AT_FDCWD, path("/proc/" + pid + "/task"), 0, 4, buffer);
    say("task links: " + (tasks < 0 ? word(tasks) : "" + buffer.get(JAVA_INT, 16)));
    int list = open("/proc/" + pid + "/fd", Libc.O_RDONLY | Libc.O_DIRECTORY);
    say("fd: " + word(list));
    if (list >= 0) {
      long length = kernel.getdents64(list, buffer, buffer.byteSize());
      say("fd list: " + word(length));
      kernel.close(list);
    }
    int root = open("/proc/" + pid + "/root", Libc.O_PATH | Libc.O_DIRECTORY);
    say("root: " + word(root));
    if (root >= 0) {
      kernel.close(root);
    }
  }

  private String read(String path) {
    int fd = open(path, Libc.O_RDONLY);
    if (fd < 0) {
      return word(fd);
    }
    long length = kernel.read(fd, buffer, buffer.byteSize());
    kernel.close(fd);
    return length < 0 ? word(length) : text((int) length);
  }

  /// What is read relative to the directory of a process that has ended since it was opened.
  void throughDirectory(int directory) {
    say("link of a dead process: " + gone(kernel.readlinkat(directory, path("net"), buffer, 48)));
    say("stat of a dead process: " + gone(kernel.openat(directory, path("../stat"), 0)));
  }

  private static String gone(long result) {
    return Errno.isGone(result) ? "gone" : word(result);
  }

  int directory(int pid) {
    return open("/proc/" + pid + "/ns", Libc.O_PATH | Libc.O_DIRECTORY);
  }

  /// A descriptor that leads to a namespace.
  void descriptor(int pid, int fd) {
    int list = open("/proc/" + pid + "/fd", Libc.O_PATH | Libc.O_DIRECTORY);
    long length = kernel.readlinkat(list, path("" + fd), buffer, 48);
    say("descriptor: " + (length < 0 ? word(length) : named(text((int) length))));
    int opened = kernel.openat(list, path("" + fd), Libc.O_RDONLY | Libc.O_CLOEXEC);
    say("descriptor opens: " + word(opened));
    if (opened >= 0) {
      ask("descriptor", opened);
      kernel.close(opened);
    }
    kernel.close(list);
  }

  /// The network namespace of a socket that another process has.
  void socket(int pid, int fd) {
    int list = open("/proc/" + pid + "/fd", Libc.O_PATH | Libc.O_DIRECTORY);
    long length = kernel.readlinkat(list, path("" + fd), buffer, 48);
    say("socket: " + (length < 0 ? word(length) : text(7)));
    int direct = kernel.openat(list, path("" + fd), Libc.O_RDONLY | Libc.O_CLOEXEC);
    say("socket opens: " + (direct < 0 ? "not" : "ok"));
    kernel.close(list);
    int process = kernel.pidfdOpen(pid, 0);
    say("pidfd: " + word(process));
    int copy = kernel.pidfdGetfd(process, fd);
    say("its copy: " + word(copy));
    say("copy of what is not: " + word(kernel.pidfdGetfd(process, 999)));
    int net = kernel.ioctl(copy, 0x894C, MemorySegment.NULL);
    say("its namespace: " + word(net));
    if (net >= 0) {
      ask("of socket", net);
      kernel.close(net);
    }
    say("socket is no nsfs: " + word(kernel.ioctl(copy, 0xb703, MemorySegment.NULL)));
    kernel.close(copy);
    kernel.close(process);
  }

  /// What is asked of files and numbers that are nothing of the kind.
  void others(int pid) {
    int stat = open("/proc/" + pid + "/stat", Libc.O_RDONLY);
    say("type of a file: " + word(kernel.ioctl(stat, 0xb703, MemorySegment.NULL)));
    kernel.close(stat);
    say("type of a closed one: " + word(kernel.ioctl(stat, 0xb703, MemorySegment.NULL)));
    say("pidfd of nobody: " + word(kernel.pidfdOpen(4_000_000, 0)));
    say("clock of nobody: " + word(kernel.clockNanos(Libc.processCpuClock(4_000_000), buffer)));
    say("directory of nobody: " + word(open("/proc/4000000/ns", Libc.O_PATH)));
  }
}
