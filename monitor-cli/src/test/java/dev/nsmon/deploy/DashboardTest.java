package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard: each panel asks what Prometheus understands, and has a place of its own.
class DashboardTest {
  @TempDir private Path directory;

  @Test
  void everyExpressionIsOne() throws Exception {
    List<String> expressions = Expressions.ofDashboard();
    assertTrue(expressions.size() > 20, expressions::toString);
    Promtool.checkExpressions(directory, expressions).well();
    assertNotEquals(0, Promtool.checkExpressions(directory, List.of("sum(nsmon_clients))")).code());
  }

  @Test
  void itIsFoundAgainAndAsksTheChosenSource() throws Exception {
    JsonNode dashboard = Expressions.dashboard();
    assertEquals("nsmon", dashboard.get("uid").asText());
    assertEquals("datasource", dashboard.at("/templating/list/0/name").asText());
    for (JsonNode one : dashboard.findValues("datasource")) {
      assertEquals("${datasource}", one.get("uid").asText());
    }
  }

  @Test
  void panelsDoNotOverlap() throws Exception {
    Set<Integer> ids = new HashSet<>();
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : Expressions.dashboard().get("panels")) {
      String title = panel.get("title").asText();
      assertTrue(ids.add(panel.get("id").asInt()), title);
      JsonNode place = panel.get("gridPos");
      assertTrue(place.get("x").asInt() + place.get("w").asInt() <= 24, title);
      for (int x = 0; x < place.get("w").asInt(); x++) {
        for (int y = 0; y < place.get("h").asInt(); y++) {
          String cell = (place.get("x").asInt() + x) + "," + (place.get("y").asInt() + y);
          assertTrue(taken.add(cell), title + " lies over another at " + cell);
        }
      }
    }
  }
}
