package dev.nsmon.bench;

import java.nio.file.Path;
import java.util.List;

/// A program that can watch, and how it shows that it does.
///
/// @param name as it stands in the tables
/// @param ready what it says on stdout once it watches; "" for nothing
/// @param readyError what it says on stderr then; "" for nothing
/// @param file where its output goes; null for a pipe to the benchmark
record Contender(String name, List<String> command, String ready, String readyError, Path file) {

  /// `nsmon watch --source SOURCE`, as JSON.
  static Contender nsmon(Path image, String source, String interval) {
    boolean push = !source.equals("poll");
    return new Contender(
        push ? source : source + " " + interval,
        List.of(
            image.resolve("bin/nsmon").toString(),
            "watch",
            "-o",
            "json",
            "--source",
            source,
            "--interval",
            interval),
        "\"kind\":\"synced\"",
        // Where the kernel refuses, it polls and says so.
        push ? "source: " + source : "",
        null);
  }

  /// One of the programs in C.
  static Contender reader(String name, Path program, int pauseMicros) {
    return new Contender(
        name, List.of(program.toString(), Integer.toString(pauseMicros)), "listening", "", null);
  }

  static Contender forkstat(Path file) {
    return new Contender("forkstat", List.of("forkstat", "-e", "fork,exec,exit"), "", "", file);
  }

  /// Prints the pid of whoever unshares, enters or is cloned into a namespace. It wants tracefs,
  /// which not every host has mounted: it gets that in a mount namespace of its own.
  static Contender bpftrace() {
    String mount =
        "mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null;"
            + " mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null;"
            + " exec bpftrace -e \"$0\"";
    return new Contender(
        "bpftrace", List.of("unshare", "-m", "sh", "-c", mount, SCRIPT), "listening", "", null);
  }

  private static final String SCRIPT =
      """
      BEGIN { printf("listening\\n"); }
      tracepoint:syscalls:sys_exit_unshare /args->ret == 0/ { printf("%d\\n", pid); }
      tracepoint:syscalls:sys_exit_setns /args->ret == 0/ { printf("%d\\n", pid); }
      tracepoint:task:task_newtask /args->clone_flags & 0x7e020000/ { printf("%d\\n", args->pid); }
      """;
}
