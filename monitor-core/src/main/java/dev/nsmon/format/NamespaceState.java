package dev.nsmon.format;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import java.time.Instant;
import java.util.List;

/// The current state of a namespace on one of many hosts: the value of a record in the state topic.
///
/// @param stream the stream that `seq` belongs to
/// @param seq sequence number of the last event that this state includes
/// @param time time of that event
/// @param namespace the namespace, with its creation time if known
/// @param processes number of processes in it
/// @param container the container of its processes; [Container#NONE] if they differ or it is
///   unknown
public record NamespaceState(
    Host host,
    String stream,
    long seq,
    Instant time,
    Namespace namespace,
    List<Holder> holders,
    int processes,
    Container container) {}
