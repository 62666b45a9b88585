package dev.nsmon.websocket;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parts of a request that decide its answer. A [Route] gets only requests that [Gate] has
/// admitted.
///
/// @param path decoded, without the query
/// @param query each name with all its values, decoded, in the order in which they came
/// @param accept the `Accept` header; empty if there was none
public record Request(String path, Map<String, List<String>> query, Optional<String> accept) {}
