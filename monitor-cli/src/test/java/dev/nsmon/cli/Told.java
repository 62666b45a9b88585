package dev.nsmon.cli;

import java.util.stream.LongStream;

/// Records as a monitor tells them.
final class Told {
  private Told() {}

  private static String record(String stream, long seq, String kind, String source, String rest) {
    String number = seq == 0 ? "" : "\"seq\":" + seq + ",";
    return """
    {"schema":1,"stream":"%s",%s"kind":"%s","time":"2026-11-23T10:00:00.123456Z",\
    "source":"%s","host":{"name":"node-1"},%s}\
    """
        .formatted(stream, number, kind, source, rest);
  }

  static String left(String stream, long seq) {
    return left(stream, seq, "sh");
  }

  static String left(String stream, long seq, String comm) {
    return record(
        stream,
        seq,
        "process-left",
        "perf",
        "\"process\":{\"pid\":"
            + (1000 + seq)
            + ",\"comm\":\""
            + comm
            + "\"},\"namespaces\":{\"net\":{\"type\":\"net\",\"inode\":4026532177,"
            + "\"id\":\"810\",\"key\":\"net:810\",\"initial\":false}}");
  }

  /// Those from `first` to `last`.
  static String[] left(String stream, long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(seq -> left(stream, seq))
        .toArray(String[]::new);
  }

  /// Of a state: without a number.
  static String created(String stream) {
    return record(
        stream,
        0,
        "namespace-created",
        "baseline",
        "\"namespace\":{\"type\":\"net\",\"inode\":4026532177,\"id\":\"810\",\"key\":\"net:810\","
            + "\"initial\":false}");
  }

  static String synced(String stream, long seq) {
    return record(
        stream,
        seq,
        "synced",
        "baseline",
        "\"counts\":{\"processes\":68,\"unreadable\":0,\"namespaces\":{\"net\":2}}");
  }

  static String lost(String stream, long first, long last) {
    return record(
        stream,
        last,
        "events-lost",
        "poll",
        "\"where\":\"log\",\"first\":%d,\"last\":%d,\"count\":%d"
            .formatted(first, last, last - first + 1));
  }

  /// Of an extent that nobody knows: without a number.
  static String lost(String stream) {
    return record(stream, 0, "events-lost", "poll", "\"where\":\"log\"");
  }
}
