/// The kernel's proc connector: whether it can be had.
package dev.nsmon.netlink;
