/// Kafka sinks, and readers of the topics that they write.
///
/// [dev.nsmon.kafka.KafkaSink] publishes events from a cursor of `dev.nsmon.log`, and
/// [dev.nsmon.kafka.StateSink] maintains a compacted topic of current namespaces.
/// [dev.nsmon.kafka.KafkaTail] and [dev.nsmon.kafka.FleetState] read both back for `nsmon watch`,
/// `list` and `tree`. Nothing here scans the host or creates events. Each sink runs on the thread
/// of its pump; each producer has the network thread of the Kafka client.
package dev.nsmon.kafka;
