/// The one ordered stream of events and the cursors that read it. The monitor writes; every sink
/// reads at its own pace, and nobody's pace matters to anybody else.
package dev.nsmon.log;
