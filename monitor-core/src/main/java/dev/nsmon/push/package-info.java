/// What push sources hand over: what the kernel reported of single tasks, what it lost, and whether
/// the source works. Only values, and the one interface that each source implements.
package dev.nsmon.push;
