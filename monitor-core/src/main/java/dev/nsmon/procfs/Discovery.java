package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.proc.NamespaceName;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.proc.ProcFs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Asks namespaces for their identity, their parents and their owners, and puts what is new into
/// the [NamespaceTable]. What it opens it closes.
final class Discovery {
  private final ProcFs proc;
  private final NamespaceProbe probe;
  private final NamespaceTable table;
  private final MemorySegment path = Arena.global().allocate(32);

  Discovery(ProcFs proc, NamespaceProbe probe, NamespaceTable table) {
    this.proc = proc;
    this.probe = probe;
    this.table = table;
  }

  /// Asks an open namespace that was told without its id for it, and for its relations.
  void learn(Known known, int fd) {
    long id = probe.id(fd);
    if (id < 0) {
      return;
    }
    NamespaceType type = known.namespace.type();
    Known owner = related(probe.openOwner(fd));
    Known parent = type.hasParent() ? related(probe.openParent(fd)) : null;
    table.learned(known, id, parent, owner, ownerUid(type, fd));
  }

  private int ownerUid(NamespaceType type, int fd) {
    return type == NamespaceType.USER ? probe.ownerUid(fd) : -1;
  }

  /// The namespace behind a path, asked from the kernel; null if it can't be opened now.
  Known discover(NamespaceType type, long inode, int dirfd, MemorySegment path) {
    int fd = proc.open(dirfd, path, Libc.O_RDONLY);
    if (fd < 0) {
      return Errno.isDenied(fd) && stillReads(dirfd, path, inode)
          ? unopened(type, inode)
          : named(type, inode);
    }
    try {
      endUnshown(type, inode);
      return discover(fd);
    } finally {
      proc.libc().close(fd);
    }
  }

  /// What an earlier run could not ask for its id, and none of whose members is left, has given its
  /// inode away, as such short lives do: it is not what a process is in now.
  private void endUnshown(NamespaceType type, long inode) {
    Known old = table.known(type, inode);
    if (old != null && old.unshown && probe.hasKernelIds()) {
      table.release(old);
    }
  }

  /// Reading a link and opening it need the same right. One that could be read and was then refused
  /// belongs to a task that has just ended, unless it can be read again.
  private boolean stillReads(int dirfd, MemorySegment path, long inode) {
    int length = proc.readLink(dirfd, path);
    return length > 0
        && NamespaceName.parse(proc.content(), 0, length)
            .filter(name -> name.inode() == inode)
            .isPresent();
  }

  /// A namespace whose name was read and which can't be opened now: the one that is known by it, or
  /// null. Without ids a name is all there is to know.
  Known named(NamespaceType type, long inode) {
    return probe.hasKernelIds() ? table.known(type, inode) : unopened(type, inode);
  }

  /// The namespace that is open here; null if the file is none. What its name said when it was read
  /// does not count: a descriptor's number may have been given to another file since.
  Known discover(int fd) {
    NamespaceType type = probe.type(fd).orElse(null);
    if (type == null) {
      return null;
    }
    long id = probe.hasKernelIds() ? probe.id(fd) : -1;
    long inode = probe.inode(fd);
    Known old = table.known(type, inode);
    if (old != null && old.namespace.id() < 0 && id >= 0) {
      // Had its inode been given to another, the record of that would have told.
      learn(old, fd);
    }
    if (old != null && (old.namespace.id() == id || id < 0)) {
      if (old.gone) {
        // Its handle was stale and here it is: never again believe that handle.
        old.gone = false;
        old.trusted = false;
      }
      return old;
    }
    Known owner = related(probe.openOwner(fd));
    Known parent = type.hasParent() ? related(probe.openParent(fd)) : null;
    return table.add(type, inode, id, parent, owner, ownerUid(type, fd));
  }

  /// The namespace at a path descriptor; null if another file is there. Only a file of the nsfs is
  /// opened: to open a pipe, or a file whose server has stopped, could block.
  ///
  /// @param name what its link or its mount says it is, for a namespace that can't be opened now
  Known reached(int at, NamespaceName name) {
    if (!probe.isNsfs(at)) {
      return null;
    }
    path.setString(0, "/proc/self/fd/" + at);
    int fd = proc.open(Libc.AT_FDCWD, path, Libc.O_RDONLY);
    if (fd < 0) {
      return named(name.type(), name.inode());
    }
    try {
      return discover(fd);
    } finally {
      proc.libc().close(fd);
    }
  }

  private Known related(int fd) {
    if (fd < 0) {
      return null;
    }
    int before = table.all().size();
    try {
      Known known = discover(fd);
      if (known != null && table.all().size() > before) {
        known.seenInPassing = table.isStepping();
      }
      return known;
    } finally {
      proc.libc().close(fd);
    }
  }

  /// A namespace whose name was read and which could not be opened.
  Known unopened(NamespaceType type, long inode) {
    Known old = table.known(type, inode);
    return old != null ? old : table.add(type, inode, -1, null, null, -1);
  }
}
