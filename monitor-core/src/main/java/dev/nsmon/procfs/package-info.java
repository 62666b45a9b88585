/// /proc read into snapshots. [dev.nsmon.procfs.ProcScanner] decides what to read, and
/// [dev.nsmon.proc] reads it.
///
/// ```
/// getdents64 ─> pid, directory inode ─┐                        ┌─ Place (shared set) ─┐
/// clock_gettime ─> has it run? ───────┼─> Slot (one a process) ┤                      ├─> Snapshot
/// readlinkat ─> ten inodes ───────────┘                        └─ Task (row) ─────────┘
///                  └─> Discovery ─> NamespaceTable: identity, once for each namespace; verified after
///                      reading
///                          └─> HolderSearch: mounts, descriptors, sockets, threads; seldom, in Slices
/// ```
///
/// Gone, denied and failed are told apart everywhere. Nothing here keeps a namespace alive: what is
/// opened is closed before the look is over, except the monitor's own table of mounts. A search
/// that is not done in one slice may hold a pid namespace until its next one, by the directory of a
/// process, and a mount namespace while it reads its table.
package dev.nsmon.procfs;
