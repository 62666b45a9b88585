package dev.nsmon.cli;

import dev.nsmon.format.Members;
import dev.nsmon.format.NamespaceTree;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.proc.ProcessLookup;
import dev.nsmon.procfs.ScanSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nsmon tree`: prints the hierarchy of namespaces with the processes in them.
@Command(
    name = "tree",
    description = "Shows namespaces below their parents, with the processes in them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  nsmon tree                  pid namespaces, pids as seen outside (and inside)",
      "  nsmon tree --type user      user namespaces with all that each owns",
      "  nsmon tree --type net       network namespaces, which have no hierarchy",
      "  nsmon tree --from kafka://kafka:9092   a tree for each host of a fleet",
      "  nsmon tree --from ws://127.0.0.1:8470  that of a monitor that listens"
    })
final class TreeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "pid",
      converter = Converters.OfType.class,
      description = "pid (the default), user, or any other type as a flat list.")
  private NamespaceType type;

  @Mixin private ColourOption colour;

  @Mixin private FleetOptions fleet;

  @Override
  public Integer call()
      throws IOException, InterruptedException, BadPropertiesException, RemoteFault {
    Optional<Place> place = fleet.place(spec, List.of(), List.of(), List.of());
    if (place.isPresent()) {
      return Fleet.read(place.get(), fleet, Set.of(), Set.of()).tree(type, colour.style());
    }
    Snapshot snapshot = OneLook.take(ScanSettings.Describe.NEWS);
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    try (ProcessLookup lookup = new ProcessLookup()) {
      NamespaceTree tree =
          new NamespaceTree(
              colour.style(), type, Members.of(snapshot), task -> lookup.command(task.pid()));
      Output.add(tree.lines(snapshot, Terminal.width()), out);
    }
    SeenFrom.warn(snapshot);
    return Output.write(out);
  }
}
