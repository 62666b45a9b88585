/// Bindings to the C library: thin prototypes and the names of errors. The only package that uses
/// `java.lang.foreign.Linker`. It knows nothing of namespaces.
package dev.nsmon.libc;
