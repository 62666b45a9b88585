/// The seam for push sources, which deliver what the kernel reports of single tasks. It holds the
/// interface [dev.nsmon.push.PushSource] and the values that a source delivers: records, losses,
/// and whether the source works.
package dev.nsmon.push;
