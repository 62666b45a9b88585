/// Files that an operator names: read as a whole within limits, or appended to.
package dev.nsmon.file;
