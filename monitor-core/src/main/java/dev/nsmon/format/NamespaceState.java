package dev.nsmon.format;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import java.time.Instant;
import java.util.List;

/// A namespace as it is now on one of many hosts: the value of a record in the state topic.
///
/// @param stream the stream that `seq` belongs to
/// @param seq number of the last event that this state includes
/// @param time of that event
/// @param namespace with the time of its beginning where that is known
/// @param processes how many are in it
/// @param container of all of them that are in one; [Container#NONE] if they differ or it is
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
