/// Formats for events and snapshots: text, JSON, CloudEvents, ECS, OCSF, CEF, syslog, and the
/// readers of nsmon's own JSON. Unknown values are omitted.
///
/// [dev.nsmon.format.Escape] is the one place where untrusted text is escaped for display. Start
/// reading at [dev.nsmon.format.EventFormat] and [dev.nsmon.format.JsonFormat].
package dev.nsmon.format;
