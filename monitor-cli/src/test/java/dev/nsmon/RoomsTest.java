package dev.nsmon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.Rooms.Row;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keeps the rooms of all modules apart: the table is the one of the design, and the compiled
/// classes are what it is held against.
class RoomsTest {

  private static final String LINKER = "java.lang.foreign.Linker";
  private static final String SYMBOL_LOOKUP = "java.lang.foreign.SymbolLookup";
  private static final String JACKSON = "com.fasterxml.jackson.";
  private static final String KAFKA = "org.apache.kafka.";
  private static final String NETTY = "io.netty.";
  private static final String YAML = "org.yaml.snakeyaml.";
  private static final String PROMETHEUS = "io.prometheus.";

  private static final Rooms ROOMS =
      new Rooms(
          List.of(
              Row.of("namespace"),
              Row.of("event", "namespace", "container"),
              Row.of("libc").and(LINKER, SYMBOL_LOOKUP),
              Row.of("file", "libc"),
              Row.of("push", "namespace"),
              Row.of("proc", "namespace", "libc", "container"),
              Row.of("procfs", "namespace", "libc", "proc", "push", "container"),
              Row.of("netlink", "namespace", "libc", "push"),
              Row.of("perf", "namespace", "libc", "push"),
              Row.of("container", "namespace"),
              Row.of("log", "namespace", "event"),
              Row.of("format", "namespace", "event", "container").and(JACKSON),
              Row.of("journal", "namespace", "event", "log", "format")
                  .and("java.sql.", "org.sqlite.", "java.lang.management."),
              Row.of("sink", "event", "log", "format", "file"),
              Row.of(
                  "monitor",
                  "namespace",
                  "event",
                  "push",
                  "procfs",
                  "netlink",
                  "perf",
                  "container",
                  "log",
                  "format",
                  "sink"),
              Row.of("kafka", "namespace", "event", "container", "log", "format", "sink", "file")
                  .and(KAFKA, JACKSON),
              Row.of(
                      "websocket",
                      "namespace",
                      "event",
                      "container",
                      "log",
                      "format",
                      "sink",
                      "file")
                  .and(NETTY, PROMETHEUS),
              Row.of("runtime", "namespace", "container").and(NETTY, JACKSON),
              Row.of(
                      "cli",
                      "namespace",
                      "event",
                      "libc",
                      "push",
                      "proc",
                      "procfs",
                      "netlink",
                      "perf",
                      "container",
                      "log",
                      "format",
                      "journal",
                      "sink",
                      "file",
                      "monitor",
                      "kafka",
                      "websocket",
                      "runtime")
                  .and("picocli.", "java.net.http.", YAML)),
          Set.of(LINKER, SYMBOL_LOOKUP));

  @Test
  void noRoomImportsWhatTheTableForbids() throws IOException {
    List<String> found = new ArrayList<>();
    for (String module : List.of("monitor-core", "monitor-kafka", "monitor-cli")) {
      Path classes = Path.of("..", module, "target", "classes");
      assertTrue(Files.isDirectory(classes), () -> "nothing compiled in " + classes);
      found.addAll(ROOMS.violationsBelow(classes));
    }
    assertEquals(List.of(), found);
  }

  @ParameterizedTest
  @CsvSource({
    "forbidden, dev.nsmon.event.Planted,     dev.nsmon.libc.Errno",
    "allowed,   dev.nsmon.event.Planted,     dev.nsmon.event.sub.Deep$Nested",
    "forbidden, dev.nsmon.namespace.Planted, dev.nsmon.event.NamespaceEvent",
    "forbidden, dev.nsmon.monitor.Planted,   dev.nsmon.libc.Errno",
    "allowed,   dev.nsmon.monitor.Planted,   dev.nsmon.sink.Sink",
    "forbidden, dev.nsmon.sink.sub.Planted,  dev.nsmon.namespace.Namespace",
    "allowed,   dev.nsmon.sink.sub.Planted,  dev.nsmon.log.EventLog",
    "forbidden, dev.nsmon.monitor.Planted,   dev.nsmon.kafka.KafkaSink",
    "forbidden, dev.nsmon.monitor.Planted,   dev.nsmon.Roomless",
    "forbidden, dev.nsmon.procfs.Planted,    java.lang.foreign.Linker",
    "forbidden, dev.nsmon.procfs.Planted,    java.lang.foreign.Linker$Option",
    "forbidden, dev.nsmon.procfs.Planted,    java.lang.foreign.SymbolLookup",
    "allowed,   dev.nsmon.procfs.Planted,    java.lang.foreign.MemorySegment",
    "allowed,   dev.nsmon.libc.Planted,      java.lang.foreign.Linker$Option",
    "forbidden, dev.nsmon.sink.Planted,      com.fasterxml.jackson.databind.ObjectMapper",
    "allowed,   dev.nsmon.format.Planted,    com.fasterxml.jackson.databind.ObjectMapper",
    "forbidden, dev.nsmon.log.Planted,       java.sql.Connection",
    "allowed,   dev.nsmon.journal.Planted,   java.sql.Connection",
    "forbidden, dev.nsmon.kafka.Planted,     dev.nsmon.journal.Journal",
    "forbidden, dev.nsmon.monitor.Planted,   org.yaml.snakeyaml.nodes.Node",
    "allowed,   dev.nsmon.cli.Planted,       org.yaml.snakeyaml.nodes.Node",
    "allowed,   dev.nsmon.log.Planted,       java.util.concurrent.locks.Lock"
  })
  void plantedReferenceIsJudgedAlikeWhereverItStands(
      String verdict, String type, String reference) {
    List<String> expected =
        verdict.equals("allowed") ? List.of() : List.of(type + " names " + reference);
    ClassDesc planted = ClassDesc.of(type);
    ClassDesc named = ClassDesc.of(reference);
    assertEquals(expected, ROOMS.violations(withField(planted, named)), "descriptor");
    assertEquals(expected, ROOMS.violations(withField(planted, named.arrayType())), "array");
    assertEquals(expected, ROOMS.violations(withGenericField(planted, named)), "signature");
    assertEquals(expected, ROOMS.violations(withCode(planted, named)), "code");
  }

  @Test
  void classOutsideTheRoomsIsAViolation() {
    for (String type : List.of("dev.nsmon.util.Strings", "dev.nsmon.Roomless", "org.other.Thing")) {
      byte[] stray = withField(ClassDesc.of(type), ConstantDescs.CD_String);
      assertEquals(List.of(type + " is in no room of the table"), ROOMS.violations(stray));
    }
  }

  @Test
  void rowThatNamesAnUnknownRoomIsRefused() {
    List<Row> rows = List.of(Row.of("event", "namespaces"));
    assertThrows(IllegalArgumentException.class, () -> new Rooms(rows, Set.of()));
  }

  private static byte[] withField(ClassDesc type, ClassDesc field) {
    return ClassFile.of().build(type, builder -> builder.withField("planted", field, 0));
  }

  private static byte[] withGenericField(ClassDesc type, ClassDesc argument) {
    Signature list =
        Signature.ClassTypeSig.of(
            ConstantDescs.CD_List, Signature.TypeArg.of(Signature.ClassTypeSig.of(argument)));
    return ClassFile.of()
        .build(
            type,
            builder ->
                builder.withField(
                    "planted",
                    ConstantDescs.CD_List,
                    field -> field.with(SignatureAttribute.of(list))));
  }

  private static byte[] withCode(ClassDesc type, ClassDesc named) {
    return ClassFile.of()
        .build(
            type,
            builder ->
                builder.withMethodBody(
                    "planted",
                    ConstantDescs.MTD_void,
                    ClassFile.ACC_STATIC,
                    code -> code.aconst_null().checkcast(named).pop().return_()));
  }
}
