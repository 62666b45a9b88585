package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The broker of the tests does what it says.
@Tag("full")
final class BrokerIT {

  @Test
  void survivesAKillWithItsTopics() {
    try (Broker broker = Broker.start(Broker.RESTARTED)) {
      broker.createTopic("t", 2, Map.of());
      broker.freeze();
      broker.thaw();
      broker.kill();
      broker.restart();
      Set<String> names =
          broker.administer(admin -> admin.listTopics().names().get(30, TimeUnit.SECONDS));
      assertEquals(Set.of("t"), names);
    }
  }
}
