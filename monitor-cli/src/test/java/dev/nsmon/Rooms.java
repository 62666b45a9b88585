package dev.nsmon;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Compares compiled classes with a table of rooms: who may import whom.
///
/// A room is the package right below [#ROOT]; what lies deeper belongs to it. Every type that a
/// class file names counts, be it in code, a descriptor, a generic signature or an annotation. A
/// room may name its own types, those its row names, and java.base, less what is [#guarded] there.
final class Rooms {

  private static final String ROOT = "dev.nsmon.";

  /// A type inside a descriptor or a signature. Only a text constant that looks just like one could
  /// deceive it, and it would have to name a forbidden type to do harm.
  private static final Pattern TYPE = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

  private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();

  /// One row of the table.
  ///
  /// @param room the package below the root
  /// @param ours the rooms it may import
  /// @param foreign packages (ending in a dot) and types outside java.base, or guarded ones in it
  record Row(String room, Set<String> ours, Set<String> foreign) {

    static Row of(String room, String... ours) {
      return new Row(room, Set.of(ours), Set.of());
    }

    Row and(String... foreign) {
      return new Row(room, ours, Set.of(foreign));
    }

    private boolean allowsForeign(String type) {
      return foreign.stream().anyMatch(name -> covers(name, type));
    }
  }

  private final Map<String, Row> rows;
  private final Set<String> guarded;

  /// @param rows the table
  /// @param guarded types of java.base that a room may use only if its row names them
  Rooms(List<Row> rows, Set<String> guarded) {
    this.rows = rows.stream().collect(toMap(Row::room, Function.identity()));
    this.guarded = guarded;
    for (Row row : rows) {
      if (!this.rows.keySet().containsAll(row.ours())) {
        throw new IllegalArgumentException(row.room() + " may import a room that has no row");
      }
    }
  }

  /// What the classes below a directory do against the table, one line each.
  List<String> violationsBelow(Path directory) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        found.addAll(violations(Files.readAllBytes(file)));
      }
    }
    return found;
  }

  List<String> violations(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    String type = model.thisClass().asInternalName().replace('/', '.');
    Row row = rows.get(room(type));
    if (row == null) {
      return List.of(type + " is in no room of the table");
    }
    return references(model).stream()
        .filter(reference -> !allows(row, reference))
        .map(reference -> type + " names " + reference)
        .toList();
  }

  private boolean allows(Row row, String type) {
    if (type.startsWith(ROOT)) {
      String other = room(type);
      return other.equals(row.room()) || row.ours().contains(other);
    }
    boolean free =
        JAVA_BASE.contains(packageOf(type)) && guarded.stream().noneMatch(g -> covers(g, type));
    return free || row.allowsForeign(type);
  }

  private static SortedSet<String> references(ClassModel model) {
    SortedSet<String> types = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof ClassEntry type && !type.asInternalName().startsWith("[")) {
        types.add(type.asInternalName().replace('/', '.'));
      } else if (entry instanceof Utf8Entry text) {
        Matcher matcher = TYPE.matcher(text.stringValue());
        while (matcher.find()) {
          types.add(matcher.group(1).replace('/', '.'));
        }
      }
    }
    return types;
  }

  /// The room of one of our types, or "" for one that lies in the root package itself.
  private static String room(String type) {
    if (!type.startsWith(ROOT)) {
      return "";
    }
    int end = type.indexOf('.', ROOT.length());
    return end < 0 ? "" : type.substring(ROOT.length(), end);
  }

  private static String packageOf(String type) {
    int end = type.lastIndexOf('.');
    return end < 0 ? "" : type.substring(0, end);
  }

  /// A name that ends in a dot covers the packages below it, else a type and what is nested in it.
  private static boolean covers(String name, String type) {
    return name.endsWith(".")
        ? type.startsWith(name)
        : type.equals(name) || type.startsWith(name + "$");
  }
}
