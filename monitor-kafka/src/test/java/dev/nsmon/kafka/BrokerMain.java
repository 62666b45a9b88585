package dev.nsmon.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/// What the JVM of a [Broker] runs: formats the data directory at the first start, then serves
/// until it is killed or its parent is gone.
final class BrokerMain {
  private BrokerMain() {}

  public static void main(String[] args) throws IOException {
    Thread.ofPlatform().daemon().start(BrokerMain::endWithParent);
    Properties properties = new Properties();
    try (var in = Files.newInputStream(Path.of(args[0]))) {
      properties.load(in);
    }
    if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
      String id = Uuid.randomUuid().toString();
      StorageTool.execute(new String[] {"format", "-t", id, "-c", args[0]}, System.out);
    }
    Kafka.main(args);
  }

  /// The pipe that is stdin ends when the parent does, however it does.
  private static void endWithParent() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(0);
  }
}
