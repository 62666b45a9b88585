/// The loop that joins the rooms: look, compare, append.
package dev.nsmon.monitor;
