import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/// The work of others that a jar carries within, native or under another name: no POM tells of it.
/// And whose work a jar is that does not say so itself.
///
/// @param in the jar's artifact, and the version of it that somebody has looked into
/// @param version empty where it is not known
/// @param purl empty where it has no home of its own
/// @param copyright who is to be named
record Carried(Jar in, String name, String version, String licence, String purl, String copyright) {

  /// Whether this is about the jar itself, which does not say whose work it is.
  boolean isTheJar() {
    return name.equals(in.name());
  }

  record Jar(String name, String version) {
    boolean is(Artifact artifact) {
      return name.equals(artifact.pom().name()) && version.equals(artifact.pom().version());
    }
  }

  private static final String APACHE = "Apache-2.0";
  private static final String BSD2 = "BSD-2-Clause";
  private static final String BSD3 = "BSD-3-Clause";
  private static final String MIT = "MIT";

  private static final Jar SQLITE = new Jar("sqlite-jdbc", "3.54.1.0");
  private static final Jar ZSTD = new Jar("zstd-jni", "1.5.7-17");
  private static final Jar LZ4 = new Jar("lz4-java", "1.11.2");
  private static final Jar SNAPPY = new Jar("snappy-java", "1.1.10.7");
  private static final Jar KAFKA = new Jar("kafka-clients", "4.4.0");
  private static final Jar JACKSON = new Jar("jackson-core", "2.23.0");
  private static final String NETTY = "4.2.18.Final";
  private static final Jar PICOCLI = new Jar("picocli", "4.7.7");
  private static final Jar EPOLL = new Jar("netty-transport-native-epoll", NETTY);
  private static final Jar COMMON = new Jar("netty-common", NETTY);
  private static final Jar BASE = new Jar("netty-codec-base", NETTY);
  private static final Jar COMPRESSION = new Jar("netty-codec-compression", NETTY);
  private static final Jar HTTP = new Jar("netty-codec-http", NETTY);
  private static final Jar HTTP2 = new Jar("netty-codec-http2", NETTY);
  private static final Jar SNAKEYAML = new Jar("snakeyaml", "2.7");

  private static final List<Carried> ALL =
      List.of(
          new Carried(
              SQLITE,
              "SQLite",
              "3.54.1",
              "blessing",
              "pkg:generic/sqlite@3.54.1",
              "in the public domain"),
          new Carried(
              SQLITE,
              "sqlitejdbc",
              "",
              BSD2,
              "",
              "Copyright (c) 2006, David Crawshaw. All rights reserved."),
          new Carried(
              ZSTD,
              "Zstandard",
              "1.5.7",
              BSD3,
              "pkg:generic/zstd@1.5.7",
              "Copyright (c) Meta Platforms, Inc. and affiliates. All rights reserved."),
          new Carried(
              ZSTD,
              "zstd-jni",
              "1.5.7-17",
              BSD2,
              "",
              "Copyright (c) 2014-2015, Yann Collet. Copyright (c) 2015-present, Luben Karavelov."
                  + " All rights reserved."),
          new Carried(
              LZ4,
              "LZ4",
              "1.10.0",
              BSD2,
              "pkg:generic/lz4@1.10.0",
              "Copyright (c) 2011-2023, Yann Collet. All rights reserved."),
          new Carried(
              LZ4,
              "xxHash",
              "",
              BSD2,
              "pkg:generic/xxhash",
              "Copyright (c) 2012-present, Yann Collet. All rights reserved."),
          new Carried(
              SNAPPY,
              "Snappy",
              "",
              BSD3,
              "pkg:generic/snappy",
              "Copyright 2011, Google Inc. All rights reserved."),
          new Carried(
              SNAPPY,
              "Bitshuffle",
              "",
              MIT,
              "pkg:generic/bitshuffle",
              "Copyright (c) 2014 Kiyoshi Masui (kiyo@physics.ubc.ca)"),
          new Carried(
              KAFKA,
              "protobuf-java",
              "",
              BSD3,
              "pkg:maven/com.google.protobuf/protobuf-java",
              "Copyright 2008 Google Inc. All rights reserved."),
          new Carried(
              KAFKA,
              "opentelemetry-proto",
              "",
              APACHE,
              "pkg:maven/io.opentelemetry.proto/opentelemetry-proto",
              "Copyright The OpenTelemetry Authors"),
          new Carried(
              KAFKA,
              "commons-net",
              "3.13.0",
              APACHE,
              "pkg:maven/commons-net/commons-net@3.13.0",
              "Copyright The Apache Software Foundation"),
          new Carried(
              JACKSON,
              "FastDoubleParser",
              "",
              MIT,
              "pkg:maven/ch.randelshofer/fastdoubleparser",
              "Copyright (c) 2023 Werner Randelshofer, Switzerland."),
          new Carried(JACKSON, "Schubfach", "", MIT, "", "Copyright 2018-2020 Raffaello Giulietti"),
          new Carried(PICOCLI, "picocli", "4.7.7", APACHE, "", "Copyright 2017 Remko Popma"),
          new Carried(
              EPOLL,
              "netty-transport-native-epoll",
              NETTY,
              APACHE,
              "",
              "Copyright The Netty Project"),
          new Carried(
              COMMON,
              "jctools-core",
              "",
              APACHE,
              "pkg:maven/org.jctools/jctools-core",
              "Copyright The JCTools authors"),
          new Carried(BASE, "Base64 of Robert Harder", "", "", "", "in the public domain"),
          new Carried(
              COMPRESSION,
              "libdivsufsort",
              "",
              MIT,
              "pkg:generic/libdivsufsort",
              "Copyright (c) 2003-2008 Yuta Mori. All Rights Reserved."),
          new Carried(
              COMPRESSION,
              "jbzip2",
              "",
              MIT,
              "",
              "Copyright (c) 2010-2011 Matthew J. Francis and Contributors of the jbzip2 Project"),
          new Carried(COMPRESSION, "jfastlz", "", MIT, "", "Copyright (c) 2009 William Kinney"),
          new Carried(
              HTTP,
              "Webbit",
              "",
              BSD3,
              "",
              "Copyright (c) 2011, Joe Walnes, Aslak Hellesøy and contributors. All rights"
                  + " reserved."),
          new Carried(
              HTTP2,
              "hpack",
              "",
              APACHE,
              "pkg:maven/com.twitter/hpack",
              "Copyright 2014 Twitter, Inc."),
          new Carried(
              SNAKEYAML,
              "PercentEscaper of gdata-java-client",
              "",
              APACHE,
              "",
              "Copyright (c) 2008 Google Inc."));

  /// What gives away that a jar carries something.
  private static final Pattern TRACE =
      Pattern.compile(".*\\.(so|dll|dylib|jnilib)|.*/(shaded|relocated|repackaged)/.+\\.class");

  /// What an artifact carries.
  ///
  /// @throws IllegalStateException if it is a version that nobody has looked into
  static List<Carried> in(Artifact artifact) throws IOException {
    List<Carried> carried = ALL.stream().filter(one -> one.in().is(artifact)).toList();
    boolean named = ALL.stream().anyMatch(one -> one.in().name().equals(artifact.pom().name()));
    try (JarFile jar = new JarFile(artifact.file().toFile())) {
      boolean trace = jar.stream().anyMatch(entry -> TRACE.matcher(entry.getName()).matches());
      if (carried.isEmpty() && (named || trace)) {
        throw new IllegalStateException(
            "what " + artifact + " carries of others has to be looked up; see Carried");
      }
    }
    return carried;
  }
}
