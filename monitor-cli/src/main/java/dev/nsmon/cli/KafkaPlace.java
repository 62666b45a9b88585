package dev.nsmon.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A place to read from: `kafka://HOST:PORT[,HOST:PORT]/TOPIC`.
///
/// @param topic empty for the usual one
record KafkaPlace(String servers, Optional<String> topic) {

  /// From text.
  static final class Converter implements ITypeConverter<KafkaPlace> {
    private static final String SERVER = "(?:[^/,:\\s\\[\\]]+|\\[[0-9a-fA-F:.]+]):[0-9]{1,5}";
    private static final Pattern FORM =
        Pattern.compile(
            "kafka://(" + SERVER + "(?:," + SERVER + ")*)(?:/([a-zA-Z0-9._-]{1,249})?)?");

    @Override
    public KafkaPlace convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no place to read from: kafka://HOST:PORT[,HOST:PORT]/TOPIC");
      }
      return new KafkaPlace(matcher.group(1), Optional.ofNullable(matcher.group(2)));
    }
  }
}
