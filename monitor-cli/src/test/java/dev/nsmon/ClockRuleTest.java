package dev.nsmon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Only `HostClock` reads the clocks of the machine. Everything else is given one, so that a test
/// can stop and advance it. The compiled classes of all modules are what is judged.
class ClockRuleTest {
  private static final String CLOCK = "dev.nsmon.namespace.HostClock";

  /// The clocks that a class file names, be it in a call or in a method reference.
  private static List<String> violations(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    String type = model.thisClass().asInternalName().replace('/', '.');
    if (type.equals(CLOCK) || type.startsWith(CLOCK + "$")) {
      return List.of();
    }
    SortedSet<String> found = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof MemberRefEntry member && isClock(member)) {
        found.add(type + " calls " + owner(member) + "." + member.name().stringValue());
      }
    }
    return List.copyOf(found);
  }

  private static String owner(MemberRefEntry member) {
    return member.owner().asInternalName().replace('/', '.');
  }

  private static boolean isClock(MemberRefEntry member) {
    String name = member.name().stringValue();
    boolean hasArguments = !member.type().stringValue().startsWith("()");
    return switch (owner(member)) {
      case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
      case "java.time.InstantSource" -> name.equals("system");
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      case "java.util.Date" -> name.equals("<init>") && !hasArguments;
      // With a clock as their argument they read that one.
      case String type -> type.startsWith("java.time.") && name.equals("now") && !hasArguments;
    };
  }

  @Test
  void onlyHostClockReadsTheClocksOfTheMachine() throws IOException {
    List<String> found = new ArrayList<>();
    int judged = 0;
    for (String module : List.of("monitor-core", "monitor-kafka", "monitor-cli")) {
      Path classes = Path.of("..", module, "target", "classes");
      assertTrue(Files.isDirectory(classes), () -> "nothing compiled in " + classes);
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
          found.addAll(violations(Files.readAllBytes(file)));
          judged++;
        }
      }
    }
    assertEquals(List.of(), found);
    assertTrue(judged > 300, "judged " + judged);
  }

  @ParameterizedTest
  @CsvSource({
    "forbidden, dev.nsmon.log.Planted,              java.lang.System,        nanoTime",
    "forbidden, dev.nsmon.log.Planted,              java.lang.System,        currentTimeMillis",
    "forbidden, dev.nsmon.log.Planted,              java.time.Instant,       now",
    "forbidden, dev.nsmon.log.Planted,              java.time.LocalDateTime, now",
    "forbidden, dev.nsmon.log.Planted,              java.time.InstantSource, system",
    "forbidden, dev.nsmon.log.Planted,              java.time.Clock,         systemUTC",
    "forbidden, dev.nsmon.namespace.HostClockOther, java.lang.System,        nanoTime",
    "allowed,   dev.nsmon.namespace.HostClock,      java.lang.System,        nanoTime",
    "allowed,   dev.nsmon.namespace.HostClock$1,    java.time.Instant,       now",
    "allowed,   dev.nsmon.log.Planted,              java.lang.System,        lineSeparator",
    "allowed,   dev.nsmon.log.Planted,              dev.nsmon.format.Words,  now"
  })
  void plantedCallIsJudged(String verdict, String type, String owner, String method) {
    List<String> expected =
        verdict.equals("allowed") ? List.of() : List.of(type + " calls " + owner + "." + method);
    byte[] planted =
        ClassFile.of()
            .build(
                ClassDesc.of(type),
                builder ->
                    builder.withMethodBody(
                        "planted",
                        ConstantDescs.MTD_void,
                        ClassFile.ACC_STATIC,
                        code ->
                            code.invokestatic(
                                    ClassDesc.of(owner),
                                    method,
                                    MethodTypeDesc.of(ConstantDescs.CD_void))
                                .return_()));
    assertEquals(expected, violations(planted));
  }
}
