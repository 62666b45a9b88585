package dev.nsmon.proc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.KernelCalls;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Asks the kernel who an open namespace is, to whom it belongs, and whether it still lives
/// (`ioctl_nsfs(2)`, `name_to_handle_at(2)`, `linux/nsfs.h`).
///
/// The nsfs file handle, since Linux 6.18, names a namespace without holding it:
///
/// ```
/// u32 handle_bytes = 16 | i32 handle_type = 0xf1 | u64 ns_id | u32 ns_type | u32 ns_inum
/// ```
///
/// It opens while the namespace lives and is stale (ESTALE) for ever after. The kernel says ESTALE
/// as well to who lacks CAP_SYS_ADMIN over the namespace's owner, so staleness is believed only of
/// a handle that has opened before.
public final class NamespaceProbe {
  /// `FD_NSFS_ROOT` (`linux/fcntl.h`): where an nsfs handle is looked up.
  private static final int FD_NSFS_ROOT = -10003;

  private static final int FILEID_NSFS = 0xf1;
  private static final int HANDLE_BYTES = 16;
  private static final long NS_GET_USERNS = 0xb701;
  private static final long NS_GET_PARENT = 0xb702;
  private static final long NS_GET_NSTYPE = 0xb703;
  private static final long NS_GET_OWNER_UID = 0xb704;

  private final ProcFs proc;
  private final KernelCalls libc;
  private final MemorySegment empty = ProcFs.name("");
  private final MemorySegment handle = Arena.global().allocate(8 + 128, 8);
  private final MemorySegment mountId = Arena.global().allocate(8, 8);
  private final MemorySegment uid = Arena.global().allocate(8, 8);
  private final boolean kernelIds;

  /// Of the nsfs, which is mounted nowhere itself.
  private final long device;

  /// @param wanted whether to use the kernel's ids where it has them
  public NamespaceProbe(ProcFs proc, boolean wanted) {
    this.proc = proc;
    this.libc = proc.libc();
    int own = proc.open(Libc.AT_FDCWD, ProcFs.name("/proc/self/ns/uts"), Libc.O_RDONLY);
    this.kernelIds = wanted && own >= 0 && id(own) >= 0;
    this.device = own < 0 ? -1 : proc.deviceOf(own);
    libc.close(own);
  }

  /// Whether namespaces have ids that are never reused.
  public boolean hasKernelIds() {
    return kernelIds;
  }

  /// The id of the open namespace; -1 if the kernel gives none.
  public long id(int fd) {
    handle.set(JAVA_INT, 0, HANDLE_BYTES);
    int result = libc.nameToHandleAt(fd, empty, handle, mountId, Libc.AT_EMPTY_PATH);
    return result == 0 && handle.get(JAVA_INT, 4) == FILEID_NSFS ? handle.get(JAVA_LONG, 8) : -1;
  }

  /// The inode of the open namespace; 0 if it can't be told.
  public long inode(int fd) {
    return proc.inodeOf(fd);
  }

  /// Whether the open file, or what a path descriptor leads to, is one of the nsfs. Nobody is asked
  /// for it who might never answer.
  public boolean isNsfs(int fd) {
    return device >= 0 && proc.deviceOf(fd) == device;
  }

  /// What the kernel says of a namespace's life.
  public enum Life {
    ALIVE,
    GONE,
    /// It won't tell this user.
    UNKNOWN
  }

  /// Whether its handle opens.
  public boolean isAlive(Namespace namespace) {
    return life(namespace) == Life.ALIVE;
  }

  /// Asks whether the namespace lives, by its handle. Opening it holds it for a microsecond.
  public Life life(Namespace namespace) {
    return life(namespace.type(), namespace.inode(), namespace.id());
  }

  /// The same of one that is not known otherwise.
  public Life life(NamespaceType type, long inode, long id) {
    handle.set(JAVA_INT, 0, HANDLE_BYTES);
    handle.set(JAVA_INT, 4, FILEID_NSFS);
    handle.set(JAVA_LONG, 8, id);
    handle.set(JAVA_INT, 16, type.cloneFlag());
    handle.set(JAVA_INT, 20, (int) inode);
    int fd = libc.openByHandleAt(FD_NSFS_ROOT, handle, Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (fd >= 0) {
      libc.close(fd);
      return Life.ALIVE;
    }
    return fd == -Errno.ESTALE ? Life.GONE : Life.UNKNOWN;
  }

  /// A descriptor of the user namespace that owns the open one; below zero if it can't be asked.
  public int openOwner(int fd) {
    return libc.ioctl(fd, NS_GET_USERNS, MemorySegment.NULL);
  }

  /// A descriptor of the parent of the open pid or user namespace; below zero if it has none that
  /// can be seen from here.
  public int openParent(int fd) {
    return libc.ioctl(fd, NS_GET_PARENT, MemorySegment.NULL);
  }

  /// The uid of the user that made the open user namespace; -1 if it can't be asked.
  public int ownerUid(int fd) {
    return libc.ioctl(fd, NS_GET_OWNER_UID, uid) < 0 ? -1 : uid.get(JAVA_INT, 0);
  }

  /// The type of the open namespace; empty if the file is not one.
  public Optional<NamespaceType> type(int fd) {
    int flag = libc.ioctl(fd, NS_GET_NSTYPE, MemorySegment.NULL);
    for (NamespaceType type : NamespaceType.values()) {
      if (type.cloneFlag() == flag) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
