package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.file.InputFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/// The parsed configuration file.
///
/// @param values values of options, in the order of the file
/// @param complaints errors found
record ConfigFile(List<Value> values, List<Complaint> complaints) {
  private static final int MOST_BYTES = 1 << 20;

  /// Reads the file. Continues after an error, unless the text is not YAML.
  ///
  /// @param file its path as users write it
  static ConfigFile read(String file, Keys keys) {
    ConfigFile read = new ConfigFile(new ArrayList<>(), new ArrayList<>());
    ConfigReader reader = new ConfigReader(file, keys, read.values, read.complaints);
    try {
      String text = InputFile.text(Path.of(file), MOST_BYTES, UTF_8);
      try {
        document(text, reader);
      } catch (MarkedYAMLException e) {
        reader.complain(e.getProblemMark(), "no YAML: " + words(e));
      } catch (ReaderException e) {
        reader.complain(
            place(text, e.getPosition()),
            "no YAML: the character U+%04X may not stand here".formatted(e.getCodePoint()));
      } catch (YAMLException e) {
        reader.complain("no YAML: " + e.getMessage().lines().findFirst().orElse(""));
      }
    } catch (IOException e) {
      reader.complain(words(e));
    }
    return read;
  }

  private static void document(String text, ConfigReader reader) {
    LoaderOptions limits = new LoaderOptions();
    // Not the class Yaml: it loads constructors for Java objects, which need the module
    // java.desktop.
    Composer composer =
        new Composer(
            new ParserImpl(new StreamReader(new StringReader(text)), limits),
            new Resolver(),
            limits);
    if (!composer.checkNode()) {
      return;
    }
    reader.read(composer.getNode());
    if (composer.checkNode()) {
      Node second = composer.getNode();
      reader.complain(second.getStartMark(), "a second document begins here, and one is all");
    }
  }

  private static String words(MarkedYAMLException e) {
    // Omits advice that is right for tabs only.
    return e.getProblem().replaceFirst(" \\(Do not use.*", "");
  }

  private static Mark place(String text, int position) {
    String before = text.substring(0, Math.min(position, text.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return new Mark(
        "", position, line, before.length() - before.lastIndexOf('\n') - 1, new int[0], 0);
  }

  private static String words(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "it may not be read";
      case CharacterCodingException _ -> "it is not UTF-8";
      case FileSystemException problem when problem.getReason() != null ->
          "it " + problem.getReason();
      default -> "it can't be read: " + (e.getMessage() == null ? e : e.getMessage());
    };
  }
}
