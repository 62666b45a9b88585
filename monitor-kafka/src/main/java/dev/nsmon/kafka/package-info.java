/// Kafka as one more reader of the log.
///
/// Events enter here through a cursor of `dev.nsmon.log` and leave as Kafka records; the reader for
/// `nsmon` itself takes them back from a topic. Nothing here looks at namespaces or makes an event.
package dev.nsmon.kafka;
