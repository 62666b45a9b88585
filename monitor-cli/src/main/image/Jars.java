import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Puts jars into the image.
///
/// A native library goes beside its jar, where the JVM finds it: nothing has to be unpacked at
/// every start, into a directory that may be read-only or `noexec`. Those for other machines are
/// left out. Classes from before Java 6 get stack maps. Nothing else changes.
///
/// @param lib where they go
/// @param time what every file gets as its time
record Jars(Path lib, FileTime time) {

  /// A cache is made of classes with stack maps only, so a class file must be this new; picocli's
  /// are of Java 5.
  private static final int OLDEST_CACHED = ClassFile.JAVA_6_VERSION;

  private static final ClassFileVersion JAVA_8 = ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0);

  private static final ClassTransform TO_JAVA_8 =
      ClassTransform.transformingMethodBodies(CodeBuilder::with)
          .andThen(
              (builder, element) ->
                  builder.with(element instanceof ClassFileVersion ? JAVA_8 : element));

  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)");

  /// The native libraries of this machine, in the ways in which jars name it.
  private static final Pattern OURS =
      Pattern.compile(
          "(.*/)?[Ll]inux/(ARCH)/[^/]+\\.so|META-INF/native/[^/]+_(ARCH)\\.so"
              .replace("ARCH", arch()));

  private static String arch() {
    String name = System.getProperty("os.arch");
    return Map.of("amd64", "amd64|x86_64", "aarch64", "aarch64|aarch_64").getOrDefault(name, name);
  }

  /// Whether it has nothing but native libraries of other machines.
  ///
  /// @throws IllegalStateException if it has classes that need one, and none for this machine
  static boolean isForeign(Artifact artifact) throws IOException {
    try (JarFile jar = new JarFile(artifact.file().toFile())) {
      List<String> names = jar.stream().map(entry -> entry.getName()).toList();
      boolean foreign =
          names.stream().anyMatch(name -> NATIVE.matcher(name).matches())
              && names.stream().noneMatch(name -> OURS.matcher(name).matches());
      if (foreign && names.stream().anyMatch(name -> name.matches(".*(?<!module-info)\\.class"))) {
        throw new IllegalStateException(artifact + " has no native library for this machine");
      }
      return foreign;
    }
  }

  void put(Artifact artifact) throws IOException {
    Path jar = Files.copy(artifact.file(), lib.resolve(artifact.fileName()));
    try (FileSystem zip = FileSystems.newFileSystem(jar);
        Stream<Path> tree = Files.walk(zip.getPath("/"))) {
      ClassFile classes =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              // A shared pool would let method bodies be copied as they are, without stack maps.
              ClassFile.ConstantPoolSharingOption.NEW_POOL,
              ClassFile.ClassHierarchyResolverOption.of(hierarchy(zip)));
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String name = file.toString().substring(1);
        if (NATIVE.matcher(name).matches()) {
          if (OURS.matcher(name).matches()) {
            Path library = lib.resolve(file.getFileName().toString());
            Files.copy(file, library);
            Files.setLastModifiedTime(library, time);
          }
          Files.delete(file);
        } else if (name.endsWith(".class")) {
          renew(classes, file);
        }
      }
    }
    Files.setLastModifiedTime(jar, time);
  }

  /// Gives a class from before Java 6 the stack maps without which the cache would leave it out.
  private void renew(ClassFile classes, Path file) throws IOException {
    ClassModel old = classes.parse(Files.readAllBytes(file));
    if (old.majorVersion() < OLDEST_CACHED) {
      Files.write(file, classes.transformClass(old, TO_JAVA_8));
      Files.setLastModifiedTime(file, time);
    }
  }

  private static ClassHierarchyResolver hierarchy(FileSystem zip) {
    return ClassHierarchyResolver.ofResourceParsing(type -> open(zip, type))
        .orElse(ClassHierarchyResolver.defaultResolver());
  }

  private static InputStream open(FileSystem zip, ClassDesc type) {
    String descriptor = type.descriptorString();
    Path file = zip.getPath("/", descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return Files.exists(file) ? Files.newInputStream(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
