/// Sinks: the outputs of the event stream. Each sink has a pump, which reads the log with a cursor
/// of its own on a thread of its own. A slow sink therefore delays no other. A supervisor restarts
/// sinks and threads that fail. Start reading at [dev.nsmon.sink.Sink] and [dev.nsmon.sink.Pump].
package dev.nsmon.sink;
