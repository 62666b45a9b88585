/// Events and snapshots as text and JSON. What came from outside is escaped here, at one place, and
/// what is unknown is left out.
package dev.nsmon.format;
