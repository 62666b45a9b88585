package dev.nsmon.cli;

import dev.nsmon.event.FilterValues;
import dev.nsmon.event.Kind;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Converters from option texts to values. The error for an invalid text names the valid forms.
final class Converters {
  private Converters() {}

  /// A namespace type, such as `net`.
  static final class OfType implements ITypeConverter<NamespaceType> {
    @Override
    public NamespaceType convert(String text) {
      return value(FilterValues::type, text);
    }
  }

  /// An event kind, such as `namespace-created`.
  static final class OfKind implements ITypeConverter<Kind> {
    @Override
    public Kind convert(String text) {
      return value(FilterValues::kind, text);
    }
  }

  /// One of [OutputChoice], such as `text`.
  static final class OfOutput implements ITypeConverter<OutputChoice> {
    @Override
    public OutputChoice convert(String text) {
      return choice("output format", text, OutputChoice.values());
    }
  }

  /// One of [RecordChoice], such as `ecs`.
  static final class OfRecords implements ITypeConverter<RecordChoice> {
    @Override
    public RecordChoice convert(String text) {
      return choice("output format", text, RecordChoice.values());
    }
  }

  /// One of [SourceChoice], such as `perf`.
  static final class OfSource implements ITypeConverter<SourceChoice> {
    @Override
    public SourceChoice convert(String text) {
      return choice("source", text, SourceChoice.values());
    }
  }

  /// One of [ColourChoice], such as `auto`.
  static final class OfColour implements ITypeConverter<ColourChoice> {
    @Override
    public ColourChoice convert(String text) {
      return choice("colour choice", text, ColourChoice.values());
    }
  }

  /// A process id.
  static final class OfPid implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return value(FilterValues::pid, text);
    }
  }

  /// A positive number.
  static final class OfCount implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      if (!text.matches("[1-9][0-9]{0,17}")) {
        throw new TypeConversionException("'" + text + "' is no count: a whole number from 1 on");
      }
      return Long.valueOf(text);
    }
  }

  /// A duration: `100ms`, `10s`, `5m`, `1h`, `7d`.
  static final class OfDuration implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");

    @Override
    public Duration convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no duration: up to six digits and ms, s, m, h or d, such as 500ms");
      }
      long value = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(value);
        case "s" -> Duration.ofSeconds(value);
        case "m" -> Duration.ofMinutes(value);
        case "h" -> Duration.ofHours(value);
        default -> Duration.ofDays(value);
      };
    }
  }

  /// A size in bytes: `64KiB`, `64MiB`, `1GiB`.
  static final class OfSize implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(KiB|MiB|GiB)");

    @Override
    public Long convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no size: up to six digits and KiB, MiB or GiB, such as 512MiB");
      }
      long value = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "KiB" -> value << 10;
        case "MiB" -> value << 20;
        default -> value << 30;
      };
    }
  }

  /// A point in time: `2026-11-23T10:00:00Z`, `2026-11-23T10:00` as local time, or how long ago:
  /// `10m`.
  static final class OfTime implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      if (OfDuration.FORM.matcher(text).matches()) {
        return HostClock.SYSTEM.instant().minus(new OfDuration().convert(text));
      }
      try {
        return text.matches(".*[Zz]|.*T.*[+-].*")
            ? OffsetDateTime.parse(text).toInstant()
            : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is no time: 2026-11-23T10:00:00Z, 2026-11-23T10:00 as local time, or how long"
                + " ago, such as 10m");
      }
    }
  }

  /// A namespace: `net:[4026532177]`, `net:810` or `net:4026532177.2`, kept as text.
  static final class OfNamespace implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return value(FilterValues::namespace, text);
    }
  }

  private static <T> T value(Function<String, T> reader, String text) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static <E extends Enum<E>> E choice(String what, String text, E[] values) {
    for (E value : values) {
      if (value.toString().equals(text)) {
        return value;
      }
    }
    throw unknown(what, text, values);
  }

  private static TypeConversionException unknown(String what, String text, Object[] values) {
    return new TypeConversionException("'" + text + "' is no " + what + ": one of " + list(values));
  }

  private static String list(Object[] values) {
    return Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "));
  }
}
