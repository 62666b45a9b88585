package dev.nsmon.format;

import dev.nsmon.container.Container;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.Severity;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// Formats a record in the Open Cybersecurity Schema Framework, one JSON object per line. Creation
/// and end of a namespace are Kernel Activity. Joins and exits are Process Activity. Control
/// records are Base Events. Values that the schema has no field for are under `unmapped`, with the
/// names of nsmon's own record.
public final class OcsfFormat implements EventFormat {
  /// The version of the schema that records follow.
  public static final String VERSION = "1.8.0";

  private static final int OTHER = 99;

  private final Host host;
  private final String stream;
  private final String version;

  /// @param stream the stream that the sequence numbers belong to
  /// @param version version of nsmon
  public OcsfFormat(Host host, String stream, String version) {
    this.host = host;
    this.stream = stream;
    this.version = version;
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    OcsfActivity activity = OcsfActivity.of(event);
    String boot = event.sighting().earlierBoot().orElse(host.bootId());
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    classification(json, activity, Severity.of(event));
    json.writeNumberField("time", event.sighting().time().toEpochMilli());
    if (event.sighting().notBefore().isPresent()) {
      json.writeNumberField("start_time", event.sighting().notBefore().get().toEpochMilli());
      json.writeNumberField("end_time", event.sighting().time().toEpochMilli());
    }
    json.writeStringField("message", Summary.of(event));
    metadata(json, seq, activity);
    if (!activity.isBase()) {
      device(json, boot);
      actor(json, event, boot);
    }
    subject(json, event, boot);
    json.writeObjectFieldStart("unmapped");
    json.writeStringField("source", event.sighting().source().toString());
    if (activity.isBase()) {
      JsonValues.host(json, new Host(host.name(), host.id(), boot));
    }
    if (event instanceof Joined joined && joined.cause().isPresent()) {
      json.writeStringField("cause", joined.cause().get().toString());
    }
    JsonDetails.write(json, event);
    json.writeEndObject();
    json.writeEndObject();
    json.endLine(out);
  }

  private static void classification(JsonWriter json, OcsfActivity activity, Severity severity) {
    json.writeNumberField("category_uid", activity.categoryUid());
    json.writeStringField("category_name", activity.categoryName());
    json.writeNumberField("class_uid", activity.classUid());
    json.writeStringField("class_name", activity.className());
    json.writeNumberField("activity_id", activity.id());
    json.writeStringField("activity_name", activity.name());
    json.writeNumberField("type_uid", activity.typeUid());
    json.writeStringField("type_name", activity.className() + ": " + activity.name());
    switch (severity) {
      case INFORMATIONAL -> severity(json, 1, "Informational");
      case MEDIUM -> severity(json, 3, "Medium");
      case HIGH -> severity(json, 4, "High");
      case CRITICAL -> severity(json, 5, "Critical");
    }
  }

  private static void severity(JsonWriter json, int id, String name) {
    json.writeNumberField("severity_id", id);
    json.writeStringField("severity", name);
  }

  private void metadata(JsonWriter json, long seq, OcsfActivity activity) {
    json.writeObjectFieldStart("metadata");
    json.writeStringField("version", VERSION);
    json.writeStringField("uid", CloudEvents.id(stream, seq));
    json.writeNumberField("sequence", seq);
    json.writeObjectFieldStart("product");
    json.writeStringField("name", "nsmon");
    json.writeStringField("vendor_name", "nsmon");
    json.writeStringField("version", version);
    json.writeEndObject();
    if (!activity.isBase()) {
      json.writeArrayFieldStart("profiles");
      json.writeString("host");
      json.writeString("container");
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void device(JsonWriter json, String boot) {
    json.writeObjectFieldStart("device");
    json.writeNumberField("type_id", 0);
    json.writeStringField("type", "Unknown");
    JsonValues.text(json, "hostname", host.name());
    JsonValues.text(json, "uid", host.id());
    JsonValues.text(json, "boot_uid", boot);
    json.writeEndObject();
  }

  /// Writes the actor: for a created namespace its first member, for a join or an exit the process
  /// itself. For the end of a namespace it is unknown.
  private static void actor(JsonWriter json, NamespaceEvent event, String boot) {
    json.writeObjectFieldStart("actor");
    if (event instanceof Destroyed || event.task().isEmpty()) {
      json.writeStringField("app_name", "nsmon");
    } else {
      process(json, event.task().get(), boot);
    }
    json.writeEndObject();
  }

  private static void subject(JsonWriter json, NamespaceEvent event, String boot) {
    switch (event) {
      case Created created -> kernel(json, created.namespace());
      case Destroyed destroyed -> kernel(json, destroyed.namespace());
      default -> {
        if (event.task().isPresent()) {
          process(json, event.task().get(), boot);
        }
      }
    }
  }

  private static void kernel(JsonWriter json, Namespace namespace) {
    json.writeObjectFieldStart("kernel");
    json.writeStringField("name", namespace.name());
    json.writeNumberField("type_id", OTHER);
    json.writeStringField("type", "Namespace");
    json.writeEndObject();
  }

  private static void process(JsonWriter json, Task task, String boot) {
    ProcessInfo info = task.info();
    json.writeObjectFieldStart("process");
    json.writeNumberField("pid", task.pid());
    if (task.tid() != 0) {
      json.writeNumberField("tid", task.tid());
    }
    Optional<String> uid = ProcessNames.entity(task, boot);
    if (uid.isPresent()) {
      json.writeStringField("uid", uid.get());
    }
    JsonValues.text(json, "name", info.comm());
    if (!info.exe().isEmpty()) {
      json.writeObjectFieldStart("file");
      json.writeStringField("name", info.exe().substring(info.exe().lastIndexOf('/') + 1));
      json.writeStringField("path", info.exe());
      json.writeNumberField("type_id", 1);
      json.writeEndObject();
    }
    if (info.uid() != -1) {
      json.writeObjectFieldStart("user");
      json.writeStringField("uid", Integer.toUnsignedString(info.uid()));
      json.writeEndObject();
    }
    if (info.ppid() > 0) {
      json.writeObjectFieldStart("parent_process");
      json.writeNumberField("pid", info.ppid());
      json.writeEndObject();
    }
    if (info.nsPids().size() > 1) {
      json.writeNumberField("namespace_pid", info.nsPids().getLast());
    }
    container(json, Container.of(info));
    json.writeEndObject();
  }

  private static void container(JsonWriter json, Container container) {
    if (!container.id().isEmpty()) {
      json.writeObjectFieldStart("container");
      json.writeStringField("uid", container.id());
      JsonValues.text(json, "name", container.called().name());
      JsonValues.text(json, "runtime", container.runtime());
      JsonValues.text(json, "pod_uuid", container.podUid());
      json.writeEndObject();
    }
  }
}
