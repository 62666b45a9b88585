package dev.nsmon.format;

import static dev.nsmon.format.JsonFields.required;
import static dev.nsmon.format.JsonFields.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A namespace as a record names it.
///
/// @param holders if they stand there
/// @param from where a task was that is now in it, if that stands there
record JsonNamespace(Namespace namespace, List<Holder> holders, Optional<Namespace> from) {
  private static final NamespaceType[] TYPES = NamespaceType.values();

  /// @param at the field, which messages name
  static JsonNamespace read(JsonParser json, String at) throws IOException {
    JsonFields.beginObject(json, at);
    NamespaceType type = null;
    Long inode = null;
    long id = -1;
    String key = null;
    Boolean initial = null;
    String parent = "";
    String owner = "";
    int ownerUid = -1;
    List<Holder> holders = List.of();
    Optional<Namespace> from = Optional.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "type" -> type = JsonFields.word(json, at + ".type", TYPES);
        case "inode" -> inode = JsonFields.number(json, at + ".inode");
        case "id" -> id = id(text(json, at + ".id"), at);
        case "key" -> key = text(json, at + ".key");
        case "initial" -> initial = JsonFields.truth(json, at + ".initial");
        case "parent" -> parent = text(json, at + ".parent");
        case "owner" -> owner = text(json, at + ".owner");
        case "ownerUid" -> ownerUid = JsonFields.uid(json, at + ".ownerUid");
        case "holders" -> holders = JsonHolder.all(json);
        case "from" -> from = Optional.of(read(json, at + ".from").namespace());
        default -> json.skipChildren();
      }
    }
    required(type, at + ".type");
    required(key, at + ".key");
    if (!isKey(key, type.kernelName())) {
      throw new IOException(at + ".key: not of its type: " + Escape.text(key));
    }
    Namespace namespace =
        new Namespace(
            type,
            required(inode, at + ".inode"),
            id,
            key,
            required(initial, at + ".initial"),
            parent,
            owner,
            ownerUid,
            Optional.empty());
    return new JsonNamespace(namespace, holders, from);
  }

  /// `net:810` or `net:4026532177.2`. Keys are shown as they are, so nothing else may pass.
  private static boolean isKey(String key, String type) {
    int begin = type.length() + 1;
    int dots = 0;
    for (int i = begin; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean inner = i > begin && i < key.length() - 1;
      if (c == '.' ? !inner || ++dots > 1 : c < '0' || c > '9') {
        return false;
      }
    }
    return key.length() > begin && key.startsWith(type) && key.charAt(begin - 1) == ':';
  }

  private static long id(String digits, String at) throws IOException {
    try {
      long id = Long.parseLong(digits);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // It is told below.
    }
    throw new IOException(at + ".id: not a number: " + Escape.text(digits));
  }

  /// A record's `namespaces`. One of a type that is not known is skipped.
  static List<Place> places(JsonParser json) throws IOException {
    JsonFields.beginObject(json, "namespaces");
    List<Place> places = new ArrayList<>(4);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (NamespaceType.byKernelName(field).isPresent()) {
        JsonNamespace read = read(json, "namespaces." + field);
        if (!read.namespace().type().kernelName().equals(field)) {
          throw new IOException("namespaces." + field + ".type: not " + field);
        }
        places.add(new Place(read.namespace(), read.from()));
      } else {
        json.skipChildren();
      }
    }
    return places;
  }
}
