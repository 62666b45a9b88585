package dev.nsmon.format;

import static dev.nsmon.format.JsonFields.integer;
import static dev.nsmon.format.JsonFields.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.container.Container;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A record's `process` field. Container and namespaces are in other fields of the record.
///
/// @param info what is known, except the control group
record JsonProcess(int pid, int tid, ProcessInfo info, Optional<Cause> cause) {
  /// Combines the process with the container and namespaces of the record.
  Task task(Container container, NamespaceSet namespaces) {
    ProcessInfo all =
        new ProcessInfo(
            info.startTicks(),
            info.ppid(),
            info.comm(),
            info.exe(),
            info.uid(),
            info.nsPids(),
            container.cgroup(),
            container.called());
    return new Task(pid, tid, 0, Task.State.LIVE, namespaces, all);
  }

  static JsonProcess read(JsonParser json) throws IOException {
    JsonFields.beginObject(json, "process");
    int pid = -1;
    int tid = 0;
    long startTicks = -1;
    int ppid = -1;
    String comm = "";
    String exe = "";
    int uid = -1;
    List<Integer> nsPids = List.of();
    Optional<Cause> cause = Optional.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "pid" -> pid = integer(json, "process.pid");
        case "tid" -> tid = integer(json, "process.tid");
        case "startTicks" -> startTicks = JsonFields.number(json, "process.startTicks");
        case "nsPids" -> nsPids = nsPids(json);
        case "ppid" -> ppid = integer(json, "process.ppid");
        case "comm" -> comm = text(json, "process.comm");
        case "exe" -> exe = text(json, "process.exe");
        case "uid" -> uid = JsonFields.uid(json, "process.uid");
        case "cause" -> cause = Optional.of(JsonFields.word(json, "process.cause", Cause::of));
        default -> json.skipChildren();
      }
    }
    if (pid < 0) {
      throw new IOException("process.pid: missing");
    }
    return new JsonProcess(
        pid, tid, new ProcessInfo(startTicks, ppid, comm, exe, uid, nsPids, ""), cause);
  }

  private static List<Integer> nsPids(JsonParser json) throws IOException {
    JsonFields.beginArray(json, "process.nsPids");
    List<Integer> pids = new ArrayList<>(4);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      pids.add(integer(json, "process.nsPids"));
    }
    return pids;
  }
}
