/// Whose a process is: container, pod and unit, read from its control group path. Pure parsing; no
/// runtime's socket is asked.
///
/// Known are Docker, containerd (also nerdctl), CRI-O, Podman, LXC (also Incus, LXD and Proxmox),
/// systemd-nspawn, Kubernetes with its pods' quality of service, and systemd's units and sessions,
/// with either driver (`cgroupfs` and `systemd`) and in either version. An id of 64 digits of an
/// unknown runtime is one nevertheless.
package dev.nsmon.container;
