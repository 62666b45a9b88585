package dev.nsmon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Podman with everything it keeps in a directory of the test.
record Podman(Path directory) {

  String[] command(String... args) {
    List<String> command =
        new ArrayList<>(List.of("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs"));
    command.addAll(List.of("--storage-driver", "vfs", "--root", below("store")));
    command.addAll(List.of("--runroot", below("run"), "--tmpdir", below("tmp")));
    command.addAll(List.of(args));
    return command.toArray(String[]::new);
  }

  /// `podman run` with these options, image and command, in the host's network and with limits that
  /// need no privilege.
  String[] run(String... args) {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "--net", "host"));
    command.addAll(List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"));
    command.addAll(List.of(args));
    return command(command.toArray(String[]::new));
  }

  private String below(String name) {
    return directory.resolve(name).toString();
  }
}
