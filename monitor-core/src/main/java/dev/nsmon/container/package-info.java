/// Whose a process is: container, pod and unit, read from its control group path. Pure parsing; no
/// runtime's socket is asked.
package dev.nsmon.container;
