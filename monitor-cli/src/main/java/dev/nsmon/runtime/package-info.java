/// Asks container runtimes on this host what they call a container: `--runtime-names`. Docker and
/// Podman are asked over HTTP, containerd and CRI-O over gRPC, each at a local socket.
///
/// The monitor never waits: [dev.nsmon.runtime.RuntimeNames] answers with what it knows and asks on
/// a thread of its own. Nothing is asked but the name and image of one container, and nothing is
/// changed; whoever may open such a socket is as good as root all the same.
package dev.nsmon.runtime;
