/// The loop that joins the rooms: look or take in what is pushed, compare, append.
package dev.nsmon.monitor;
