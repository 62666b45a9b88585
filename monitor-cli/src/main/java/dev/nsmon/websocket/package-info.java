/// HTTP server with the event stream, and the client of a remote stream.
///
/// The server has the stream at `/events`, over WebSocket (RFC 6455) and as Server-Sent Events.
/// Routes answer other paths: the present state, probes, metrics and the page. [Server] builds the
/// pipeline of a connection, [EventStream] sends records to clients, [StreamClient] reads the
/// stream of another monitor.
///
/// Netty's event loops do the network I/O. Routes and reads from the log run on virtual threads. A
/// slow client delays neither the monitor's thread nor other clients.
package dev.nsmon.websocket;
