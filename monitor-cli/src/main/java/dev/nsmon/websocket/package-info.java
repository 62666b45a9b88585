/// The server: the stream over WebSocket and Server-Sent Events, what there is now over HTTP, and
/// the page; and the client of such a stream. Netty's event loops carry it; nothing here makes the
/// monitor wait.
package dev.nsmon.websocket;
