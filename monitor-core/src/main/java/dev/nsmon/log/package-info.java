/// The ordered stream of events and the cursors that read it. The monitor appends. Each sink reads
/// at its own pace and does not affect other readers.
package dev.nsmon.log;
