/// Parser of control group paths: container, pod and systemd unit of a process. Pure; it does not
/// ask the runtimes.
///
/// It knows Docker, containerd (also nerdctl), CRI-O, Podman, LXC (also Incus, LXD and Proxmox),
/// systemd-nspawn, Kubernetes with its pods' quality of service, and systemd's units and sessions.
/// Both drivers (`cgroupfs` and `systemd`) and both versions of control groups are supported. An id
/// of 64 digits is recognized even if the runtime is unknown.
package dev.nsmon.container;
