package dev.nsmon.cli;

import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.ListTable;
import dev.nsmon.format.Members;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.ProcessLookup;
import dev.nsmon.procfs.ScanSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nsmon list`: prints the current namespaces.
@Command(
    name = "list",
    description = "Lists all namespaces, with what holds those that no process is in.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  nsmon list --type net,user",
      "  nsmon list --pid 4711               the namespaces of one process",
      "  nsmon list -o json | jq 'select(.processCount == 0)'",
      "  nsmon list --from kafka://kafka:9092 --type net   those of a fleet",
      "  nsmon list --from ws://127.0.0.1:8470             those of a monitor that listens"
    })
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Mixin private FleetOptions fleet;

  @Mixin private ColourOption colour;

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      converter = Converters.OfType.class,
      description = "Only these types: cgroup, ipc, mnt, net, pid, time, user, uts.")
  private Set<NamespaceType> types = new LinkedHashSet<>();

  @Option(
      names = "--pid",
      split = ",",
      paramLabel = "PID",
      converter = Converters.OfPid.class,
      description = "Only those that one of these processes is in.")
  private Set<Integer> pids = new LinkedHashSet<>();

  @Override
  public Integer call()
      throws IOException, InterruptedException, BadPropertiesException, RemoteFault {
    Optional<Place> place = fleet.place(spec, List.of(), List.of(), List.of("--pid"));
    if (place.isPresent()) {
      return Fleet.read(place.get(), fleet, types, pids).list(output.choice, colour.style());
    }
    Snapshot snapshot = OneLook.take(ScanSettings.Describe.NONE);
    Map<String, List<Task>> members = Members.of(snapshot);
    List<Namespace> namespaces =
        snapshot.namespaces().stream()
            .filter(one -> types.isEmpty() || types.contains(one.type()))
            .filter(one -> pids.isEmpty() || isInhabited(members.get(one.key())))
            .sorted(Comparator.comparingLong(Namespace::inode))
            .toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    switch (output.choice) {
      case JSON ->
          new JsonFormat(Host.local(), "").writeNamespaces(snapshot, namespaces, members, out);
      case TEXT -> {
        try (ProcessLookup lookup = new ProcessLookup()) {
          ListTable table =
              new ListTable(
                  colour.style(),
                  Terminal.width(),
                  task -> Users.name(lookup.uid(task.pid())),
                  task -> lookup.command(task.pid()));
          Output.add(table.lines(snapshot, namespaces, members), out);
        }
      }
    }
    SeenFrom.warn(snapshot);
    return Output.write(out);
  }

  private boolean isInhabited(List<Task> tasks) {
    return tasks != null && tasks.stream().anyMatch(task -> pids.contains(task.pid()));
  }
}
