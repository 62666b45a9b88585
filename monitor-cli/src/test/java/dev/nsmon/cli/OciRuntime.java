package dev.nsmon.cli;

import java.util.ArrayList;
import java.util.List;

/// An OCI runtime's command line. crun refuses the mix of version 1 and 2 that some hosts have, so
/// that it is shown a host without version 2.
record OciRuntime(String name) {
  private static final String HYBRID = "/sys/fs/cgroup/unified";

  String[] command(String... args) {
    List<String> command = new ArrayList<>();
    if (name.equals("crun")) {
      String hide = "[ ! -d " + HYBRID + " ] || umount " + HYBRID + "; exec \"$@\"";
      command.addAll(List.of("unshare", "-m", "sh", "-c", hide, "sh"));
    }
    command.add(name);
    command.addAll(List.of(args));
    return command.toArray(String[]::new);
  }

  Result run(String... args) {
    try (Child child = Child.start(command(args))) {
      return child.result();
    }
  }

  /// Starts the container; its process runs on.
  void start(Bundle bundle) {
    try (Child child =
        Child.start(
            Nsmon.command(command("run", "-d", "-b", bundle.directory().toString(), bundle.id()))
                .redirectOutput(bundle.directory().resolve("out").toFile())
                .redirectError(bundle.directory().resolve("err").toFile()))) {
      child.result().endedWith(0);
    }
  }

  void delete(Bundle bundle) {
    run("delete", "-f", bundle.id());
  }

  /// The pid of the container's first process, on the host.
  int pid(Bundle bundle) {
    return Nsmon.json(run("state", bundle.id()).endedWith(0).out()).get("pid").asInt();
  }
}
