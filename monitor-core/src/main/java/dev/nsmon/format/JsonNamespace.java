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

/// A namespace as it is in a record.
///
/// @param holders its holders; empty if the record gives none
/// @param from in a join, the namespace that the task has left; empty if the record gives none
record JsonNamespace(Namespace namespace, List<Holder> holders, Optional<Namespace> from) {
  private static final int LONGEST_KEY = 255;

  /// Reads a namespace object.
  ///
  /// @param at name of the field, for messages
  static JsonNamespace read(JsonParser json, String at) throws IOException {
    JsonFields.beginObject(json, at);
    NamespaceType type = null;
    long inode = -1;
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
        case "type" -> type = type(json, at + ".type");
        case "inode" -> inode = JsonFields.number(json, at + ".inode", 1, Long.MAX_VALUE);
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
            inode,
            id,
            key,
            required(initial, at + ".initial"),
            parent,
            owner,
            ownerUid,
            Optional.empty());
    return new JsonNamespace(namespace, holders, from);
  }

  /// True for `net:810`, `net:4026532177.2`, or the type, a colon and any other text. Keys are
  /// displayed unescaped, so only printable ASCII is allowed.
  private static boolean isKey(String key, String type) {
    int begin = type.length() + 1;
    for (int i = begin; i < key.length(); i++) {
      if (key.charAt(i) <= ' ' || key.charAt(i) > '~') {
        return false;
      }
    }
    return key.length() > begin
        && key.length() <= LONGEST_KEY
        && key.startsWith(type)
        && key.charAt(begin - 1) == ':';
  }

  private static NamespaceType type(JsonParser json, String field) throws IOException {
    String text = text(json, field);
    return NamespaceType.byKernelName(text)
        .orElseThrow(() -> new UnknownTypeException(field + ": not known: " + Escape.text(text)));
  }

  private static long id(String digits, String at) throws IOException {
    try {
      long id = Long.parseLong(digits);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new IOException(at + ".id: not a number: " + Escape.text(digits));
  }

  /// Reads a record's `namespaces` field; skips unknown types.
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
