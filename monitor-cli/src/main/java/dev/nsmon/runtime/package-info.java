/// Resolves container names and images for `--runtime-names` by queries to the container runtimes
/// on this host. Docker and Podman are queried over HTTP, containerd and CRI-O over gRPC, each at a
/// local UNIX socket.
///
/// Start reading at [dev.nsmon.runtime.RuntimeNames]. A container goes in, and the name that is
/// known so far comes out at once. Queries run on a thread of their own, so the monitor never waits
/// for a runtime. They read the name and image of one container and change nothing. Access to such
/// a socket is equivalent to root all the same.
package dev.nsmon.runtime;
