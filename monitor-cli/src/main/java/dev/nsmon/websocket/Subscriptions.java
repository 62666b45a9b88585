package dev.nsmon.websocket;

import dev.nsmon.event.EventFilter;
import dev.nsmon.event.FilterValues;
import dev.nsmon.format.Escape;
import dev.nsmon.websocket.Subscription.Form;
import dev.nsmon.websocket.Subscription.Since;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Parser of requests for the stream.
final class Subscriptions {
  private static final List<String> NAMES =
      List.of(
          "type",
          "event",
          "ns",
          "pid",
          "comm",
          "container",
          "attention",
          "baseline",
          "since",
          "stream");

  private final Map<String, List<String>> query;

  private Subscriptions(Map<String, List<String>> query) {
    this.query = query;
  }

  /// Parses a request.
  ///
  /// @param subprotocol the one that was agreed on; empty if there is none
  /// @param lastEventId the `Last-Event-ID` header of a client that connects again. Unless empty,
  ///   it replaces the position in the query, which is older
  /// @throws BadRequestException if a parameter is unknown or invalid
  static Subscription parse(
      Map<String, List<String>> query, Optional<String> subprotocol, Optional<String> lastEventId)
      throws BadRequestException {
    for (String name : query.keySet()) {
      if (!NAMES.contains(name)) {
        throw bad("'" + name + "' is no parameter: one of " + String.join(", ", NAMES));
      }
    }
    Subscriptions asked = new Subscriptions(query);
    EventFilter filter = asked.filter();
    Optional<Since> place = asked.since();
    return new Subscription(
        filter,
        form(subprotocol),
        lastEventId.filter(id -> !id.isEmpty()).isPresent()
            ? Optional.of(place(lastEventId.get()))
            : place);
  }

  private static Form form(Optional<String> subprotocol) throws BadRequestException {
    return switch (subprotocol.orElse("nsmon.json")) {
      case "nsmon.json" -> Form.JSON;
      case "cloudevents.json" -> Form.CLOUDEVENTS;
      default ->
          throw bad(
              "'"
                  + subprotocol.orElseThrow()
                  + "' is no subprotocol: nsmon.json or cloudevents.json, or none");
    };
  }

  private EventFilter filter() throws BadRequestException {
    try {
      return new EventFilter(
          values("type", FilterValues::type),
          values("event", FilterValues::kind),
          values("pid", FilterValues::pid),
          values("comm", Function.identity()),
          values("container", Function.identity()),
          values("ns", FilterValues::namespace),
          flag("baseline", true),
          flag("attention", false));
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage());
    }
  }

  private <T> Set<T> values(String name, Function<String, T> reader) {
    Set<T> values = new LinkedHashSet<>();
    for (String given : query.getOrDefault(name, List.of())) {
      for (String value : given.split(",", -1)) {
        if (value.isEmpty()) {
          throw new IllegalArgumentException(
              name + ": a value is missing, such as " + name + "=" + example(name));
        }
        values.add(reader.apply(value));
      }
    }
    return Set.copyOf(values);
  }

  private static String example(String name) {
    return switch (name) {
      case "type" -> "net,mnt";
      case "event" -> "namespace-created";
      case "ns" -> "net:[4026532177]";
      case "pid" -> "4711";
      case "comm" -> "nginx";
      default -> "0a1b2c3d4e5f";
    };
  }

  private boolean flag(String name, boolean otherwise) throws BadRequestException {
    return switch (single(name).orElse("" + otherwise)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(name + ": true or false");
    };
  }

  private Optional<Since> since() throws BadRequestException {
    Optional<String> seq = single("since");
    Optional<String> stream = single("stream");
    if (seq.isEmpty()) {
      if (stream.isPresent()) {
        throw bad("stream: needs since, the number of the last record that you have of it");
      }
      return Optional.empty();
    }
    return Optional.of(new Since(stream, number("since", seq.get())));
  }

  /// Parses `STREAM/SEQ`.
  private static Since place(String id) throws BadRequestException {
    int slash = id.lastIndexOf('/');
    if (slash <= 0) {
      throw bad("'" + id + "' is no Last-Event-ID of this stream: STREAM/SEQ");
    }
    return new Since(
        Optional.of(id.substring(0, slash)), number("Last-Event-ID", id.substring(slash + 1)));
  }

  private static long number(String name, String text) throws BadRequestException {
    if (!text.matches("[0-9]{1,18}")) {
      throw bad(name + ": '" + text + "' is no number of a record: a whole number from 0 on");
    }
    return Long.parseLong(text);
  }

  private Optional<String> single(String name) throws BadRequestException {
    List<String> given = new ArrayList<>(query.getOrDefault(name, List.of()));
    if (given.size() > 1) {
      throw bad(name + ": given " + given.size() + " times, and can be given once");
    }
    return given.stream().findFirst();
  }

  /// Escapes the message, because it quotes what the client sent.
  private static BadRequestException bad(String message) {
    return new BadRequestException(Escape.text(message));
  }
}
