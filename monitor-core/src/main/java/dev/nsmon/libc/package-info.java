/// The only room with a `Linker`: thin prototypes of the C library and the names of its errors. It
/// knows nothing of namespaces.
package dev.nsmon.libc;
