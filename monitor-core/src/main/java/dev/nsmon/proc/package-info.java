/// Reads `/proc` and the files of namespaces: bytes in, values out. Nothing here has a history or
/// decides anything.
///
/// ```
/// ProcFs          opens and reads, relative to the directory of one task
///   DirectoryList   /proc, task, fd: numbers and inodes
///   TaskReader      the files of one process or thread
///     NamespaceLinks  /proc/PID/ns/*: ten inodes, the hot path
///     Stat, Status, CgroupFile, MountInfoLine, NamespaceName: parsers, which take bytes only
///   DescriptorScan  /proc/PID/fd: which descriptors lead to namespaces, which are sockets
///   NamespaceProbe  an open namespace: id, owner, parent; whether one lives
/// HostView        what can be seen at all, for the doctor
/// ProcessLookup   what a list shows of a process and a snapshot leaves out
/// ```
///
/// Start with [dev.nsmon.proc.ProcFs] and [dev.nsmon.proc.TaskReader]. Gone, denied and failed are
/// told apart everywhere: what can't be read is a negated error number (`errno(3)`) or empty, and
/// [dev.nsmon.libc.Errno] says which of the three it is. What is opened is closed before a method
/// returns, unless it hands out a descriptor, which the caller closes: an open file of a namespace
/// holds it.
///
/// [dev.nsmon.proc.CgroupFile] needs [dev.nsmon.container]: with control groups of version 1 a
/// process has several paths, and the one of a container is preferred.
///
/// An object is used by one thread at a time, because it keeps its buffers.
package dev.nsmon.proc;
