/// What changed: the events, and the pure comparison of two snapshots that makes all of them. A
/// push source never makes an event; it only says where to look.
package dev.nsmon.event;
