/// The kernel's proc connector (`linux/cn_proc.h`): it tells of every fork, exec and exit on the
/// host, and of no `unshare(2)` or `setns(2)`. So it says where to look, not what has changed.
///
/// ```
/// recvmmsg ─> Inbox ─> EventDecoder ─┬─> Drained (sorts, dismisses) ─> Push.Batch
///                                    └─> Losses (numbers, Drops) ───> Push.Lost
/// ```
///
/// [dev.nsmon.netlink.ProcConnector] runs this on a thread of its own. Nothing here looks at /proc
/// beyond the monitor's own namespaces.
package dev.nsmon.netlink;
