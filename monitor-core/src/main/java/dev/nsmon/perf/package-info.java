/// The kernel's perf records of namespaces: whether they can be had.
package dev.nsmon.perf;
