/// Push source for the kernel's proc connector (`linux/cn_proc.h`): every fork, exec and exit on
/// the host, but no `unshare(2)` or `setns(2)`. Its records say which process to read, not what has
/// changed.
///
/// ```
/// recvmmsg ─> Inbox ─> EventDecoder ─┬─> Drained (sorts, drops) ────────> Push.Batch
///                                    └─> Losses (sequence numbers, drops) ─> Push.Lost
/// ```
///
/// Start reading at [dev.nsmon.netlink.ProcConnector], which runs this on a thread named
/// `proc-connector`. The package reads nothing of /proc except the monitor's own namespaces.
package dev.nsmon.netlink;
