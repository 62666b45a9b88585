/// Where records leave: a sink reads the log through a cursor of its own, carried by a pump.
package dev.nsmon.sink;
