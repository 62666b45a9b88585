package dev.nsmon.namespace;

import java.time.Instant;
import java.util.Optional;

/// One namespace, from its beginning to its end. Two namespaces that had the same inode one after
/// the other are two values with two keys.
///
/// @param type what it isolates
/// @param inode the nsfs inode number that `/proc/PID/ns` shows. The kernel hands it out again at
///   once when the namespace ends, so it is shown and never trusted over time.
/// @param id the kernel's 64-bit id (`NS_GET_ID`, Linux 6.18), never reused within a boot; -1 where
///   the kernel gives none
/// @param key unique within host and boot: `net:810` by id, or `net:4026532177.2` by inode and the
///   number of times that this monitor has seen the inode begin anew; it stays where the id is
///   learned later
/// @param initial whether it exists since boot
/// @param parent key of the parent, for pid and user namespaces; empty if there is none or it can't
///   be asked
/// @param owner key of the owning user namespace; empty if it can't be asked
/// @param ownerUid the uid, in the initial user namespace, of the user that made this user
///   namespace (`NS_GET_OWNER_UID`); -1 for other types or if it can't be asked
/// @param created the look that first showed it; empty if it was there at the first look, so that
///   nobody knows its age
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

  /// The same namespace, now that it could be asked: the key that it was told by stays.
  public Namespace learned(long itsId, String itsParent, String itsOwner, int itsOwnerUid) {
    return new Namespace(
        type, inode, itsId, key, initial, itsParent, itsOwner, itsOwnerUid, created);
  }

  /// The same namespace, first shown by a look at this time.
  public Namespace since(Instant time) {
    return new Namespace(type, inode, id, key, initial, parent, owner, ownerUid, Optional.of(time));
  }

  /// By key, which names one namespace and no other.
  @Override
  public boolean equals(Object other) {
    return other instanceof Namespace namespace && key.equals(namespace.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /// The name as the kernel shows it: `net:[4026532177]`.
  public String name() {
    return type.kernelName() + ":[" + inode + "]";
  }

  /// The key of a namespace that the kernel gives an id.
  public static String keyOfId(NamespaceType type, long id) {
    return type.kernelName() + ":" + Long.toUnsignedString(id);
  }

  /// The key of a namespace that is known by its inode alone.
  public static String keyOfInode(NamespaceType type, long inode, int generation) {
    return type.kernelName() + ":" + inode + "." + generation;
  }
}
