package dev.nsmon.format;

import static dev.nsmon.format.JsonFields.required;
import static dev.nsmon.format.JsonFields.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.namespace.Holder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the `holders` of a namespace.
final class JsonHolder {
  private static final String AT = "namespace.holders.";

  private JsonHolder() {}

  /// Reads the holders and skips those of an unknown kind.
  static List<Holder> all(JsonParser json) throws IOException {
    JsonFields.beginArray(json, "namespace.holders");
    List<Holder> holders = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      one(json).ifPresent(holders::add);
    }
    return holders;
  }

  private static Optional<Holder> one(JsonParser json) throws IOException {
    JsonFields.beginObject(json, "namespace.holders");
    String kind = null;
    String path = null;
    String mountNamespace = null;
    String key = null;
    Integer pid = null;
    Integer tid = null;
    Integer fd = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "kind" -> kind = text(json, AT + field);
        case "path" -> path = text(json, AT + field);
        case "mountNamespace" -> mountNamespace = text(json, AT + field);
        case "key" -> key = text(json, AT + field);
        case "pid" -> pid = JsonFields.integer(json, AT + field);
        case "tid" -> tid = JsonFields.integer(json, AT + field);
        case "fd" -> fd = JsonFields.integer(json, AT + field);
        default -> json.skipChildren();
      }
    }
    return switch (required(kind, AT + "kind")) {
      case "mount" ->
          Optional.of(
              new Holder.Mount(
                  required(path, AT + "path"), required(mountNamespace, AT + "mountNamespace")));
      case "fd" ->
          Optional.of(new Holder.Descriptor(required(pid, AT + "pid"), required(fd, AT + "fd")));
      case "socket" ->
          Optional.of(new Holder.Socket(required(pid, AT + "pid"), required(fd, AT + "fd")));
      case "thread" ->
          Optional.of(new Holder.StrayThread(required(pid, AT + "pid"), required(tid, AT + "tid")));
      case "for-children" -> Optional.of(new Holder.ForChildren(required(pid, AT + "pid")));
      case "namespace" -> Optional.of(new Holder.Child(required(key, AT + "key")));
      default -> Optional.empty();
    };
  }
}
