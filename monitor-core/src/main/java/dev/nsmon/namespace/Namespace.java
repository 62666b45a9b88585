package dev.nsmon.namespace;

import java.time.Instant;
import java.util.Optional;

/// One namespace, from its creation to its end. Two namespaces that had the same inode one after
/// the other are two values with different keys.
///
/// @param type what it isolates
/// @param inode the nsfs inode number that `/proc/PID/ns` shows; -1 if it was never observed. The
///   kernel reuses it as soon as the namespace ends. It is therefore displayed, but is no identity
///   over time.
/// @param id the kernel's 64-bit id (`NS_GET_ID`, Linux 6.18), never reused within a boot; -1 if
///   the kernel gives none
/// @param key unique within host and boot: `net:810` by id, or `net:4026532177.2` by inode and
///   generation, which counts the namespaces that this monitor has seen with the inode. The key
///   stays the same if the id is learned later. A newer nsmon may put any other printable ASCII
///   text after `net:`
/// @param initial true if it exists since boot
/// @param parent key of the parent, for pid and user namespaces; empty if there is none or it is
///   unknown
/// @param owner key of the owning user namespace; empty if unknown
/// @param ownerUid the uid, in the initial user namespace, of the user that created this user
///   namespace (`NS_GET_OWNER_UID`); -1 for other types or if unknown
/// @param created the time of the scan that first showed it; empty if the first scan showed it,
///   since its age is then unknown
public record Namespace(
    NamespaceType type,
    long inode,
    long id,
    String key,
    boolean initial,
    String parent,
    String owner,
    int ownerUid,
    Optional<Instant> created) {

  /// A copy with what was learned later; the key does not change.
  public Namespace learned(long itsId, String itsParent, String itsOwner, int itsOwnerUid) {
    return new Namespace(
        type, inode, itsId, key, initial, itsParent, itsOwner, itsOwnerUid, created);
  }

  /// A copy that was first shown by a scan at this time.
  public Namespace since(Instant time) {
    return new Namespace(type, inode, id, key, initial, parent, owner, ownerUid, Optional.of(time));
  }

  /// Compares keys, because a key identifies one namespace.
  @Override
  public boolean equals(Object other) {
    return other instanceof Namespace namespace && key.equals(namespace.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /// The kernel's name, `net:[4026532177]`; the key if the inode is unknown.
  public String name() {
    return inode < 0 ? key : type.kernelName() + ":[" + inode + "]";
  }

  /// The key of a namespace that has a kernel id.
  public static String keyOfId(NamespaceType type, long id) {
    return type.kernelName() + ":" + Long.toUnsignedString(id);
  }

  /// The key of a namespace that is identified by inode and generation.
  public static String keyOfInode(NamespaceType type, long inode, int generation) {
    return type.kernelName() + ":" + inode + "." + generation;
  }
}
