package dev.nsmon.format;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Writes the JSON of namespaces, processes and containers that all records share. Unknown values
/// are omitted. 64-bit numbers that can exceed 2^53 are strings.
final class JsonValues {
  private static final byte[][] TYPES =
      JsonWriter.fields(
          "type", Arrays.stream(NamespaceType.values()).map(NamespaceType::kernelName).toArray());
  private static final byte[] INITIAL =
      JsonWriter.fields(json -> json.writeBooleanField("initial", true));
  private static final byte[] NOT_INITIAL =
      JsonWriter.fields(json -> json.writeBooleanField("initial", false));

  /// Cache of the last container's JSON, because successive records are mostly about the same
  /// container. [Container] caches the instance that is compared.
  private static volatile Written lastContainer;

  private static final class Written {
    final Container container;
    final byte[] fields;

    Written(Container container, byte[] fields) {
      this.container = container;
      this.fields = fields;
    }
  }

  private JsonValues() {}

  /// Writes the field `host`.
  static void host(JsonWriter json, Host host) {
    json.writeObjectFieldStart("host");
    text(json, "name", host.name());
    text(json, "id", host.id());
    text(json, "bootId", host.bootId());
    json.writeEndObject();
  }

  /// Writes the fields of a `namespace` object, without braces.
  static void namespace(JsonWriter json, Namespace namespace, List<Holder> holders) {
    identity(json, namespace);
    text(json, "parent", namespace.parent());
    text(json, "owner", namespace.owner());
    if (namespace.ownerUid() != -1) {
      json.writeNumberField("ownerUid", Integer.toUnsignedLong(namespace.ownerUid()));
    }
    if (!holders.isEmpty()) {
      json.writeArrayFieldStart("holders");
      for (Holder holder : holders) {
        holder(json, holder);
      }
      json.writeEndArray();
    }
  }

  /// Writes the fields that identify a namespace wherever one is mentioned.
  static void identity(JsonWriter json, Namespace namespace) {
    json.writeFields(TYPES[namespace.type().ordinal()]);
    if (namespace.inode() >= 0) {
      json.writeNumberField("inode", namespace.inode());
    }
    if (namespace.id() >= 0) {
      json.writeNumberAsStringField("id", namespace.id());
    }
    json.writeStringField("key", namespace.key());
    json.writeFields(namespace.initial() ? INITIAL : NOT_INITIAL);
  }

  private static void holder(JsonWriter json, Holder holder) {
    json.writeStartObject();
    switch (holder) {
      case Holder.Mount mount -> {
        json.writeStringField("kind", "mount");
        json.writeStringField("path", mount.path());
        json.writeStringField("mountNamespace", mount.mountNamespace());
      }
      case Holder.Descriptor descriptor -> {
        json.writeStringField("kind", "fd");
        json.writeNumberField("pid", descriptor.pid());
        json.writeNumberField("fd", descriptor.fd());
      }
      case Holder.Socket socket -> {
        json.writeStringField("kind", "socket");
        json.writeNumberField("pid", socket.pid());
        json.writeNumberField("fd", socket.fd());
      }
      case Holder.StrayThread thread -> {
        json.writeStringField("kind", "thread");
        json.writeNumberField("pid", thread.pid());
        json.writeNumberField("tid", thread.tid());
      }
      case Holder.ForChildren process -> {
        json.writeStringField("kind", "for-children");
        json.writeNumberField("pid", process.pid());
      }
      case Holder.Child child -> {
        json.writeStringField("kind", "namespace");
        json.writeStringField("key", child.key());
      }
    }
    json.writeEndObject();
  }

  /// Writes the fields `process` and `container`.
  static void process(JsonWriter json, Task task) {
    process(json, task, Optional.empty());
  }

  /// Writes the same fields for a task that has joined a namespace.
  static void process(JsonWriter json, Task task, Optional<Cause> cause) {
    var info = task.info();
    json.writeObjectFieldStart("process");
    json.writeNumberField("pid", task.pid());
    if (task.tid() != 0) {
      json.writeNumberField("tid", task.tid());
    }
    if (info.startTicks() >= 0) {
      json.writeNumberField("startTicks", info.startTicks());
    }
    if (!info.nsPids().isEmpty()) {
      json.writeArrayFieldStart("nsPids");
      for (int pid : info.nsPids()) {
        json.writeNumber(pid);
      }
      json.writeEndArray();
    }
    if (info.ppid() >= 0) {
      json.writeNumberField("ppid", info.ppid());
    }
    text(json, "comm", info.comm());
    text(json, "exe", info.exe());
    if (info.uid() != -1) {
      json.writeNumberField("uid", Integer.toUnsignedLong(info.uid()));
    }
    if (cause.isPresent()) {
      json.writePlainField("cause", cause.get().toString());
    }
    json.writeEndObject();
    container(json, Container.of(info));
  }

  /// Writes the field `container`, if anything is known.
  static void container(JsonWriter json, Container container) {
    if (container.isKnown()) {
      Written last = lastContainer;
      if (last == null || last.container != container) {
        int begin = json.size();
        fields(json, container);
        lastContainer = new Written(container, json.fieldsSince(begin));
      } else {
        json.writeFields(last.fields);
      }
    }
  }

  private static void fields(JsonWriter json, Container container) {
    json.writeObjectFieldStart("container");
    text(json, "id", container.id());
    text(json, "runtime", container.runtime());
    text(json, "name", container.called().name());
    text(json, "image", container.called().image());
    text(json, "podUid", container.podUid());
    text(json, "qos", container.qos());
    text(json, "unit", container.unit());
    json.writeEndObject();
  }

  static void text(JsonWriter json, String field, String value) {
    if (!value.isEmpty()) {
      json.writeStringField(field, value);
    }
  }
}
