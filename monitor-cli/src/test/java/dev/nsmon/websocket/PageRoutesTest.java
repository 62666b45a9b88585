package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PageRoutesTest {
  private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

  private final Map<String, Route> routes = PageRoutes.of();

  private Response get(String path) throws InterruptedException {
    return routes.get(path).answer(new Request(path, Map.of(), Optional.empty()));
  }

  @Test
  void allThatThePageLoadsIsServedAndNothingElseIsLoaded() throws InterruptedException {
    assumeTrue(routes.size() > 1, "the page was left out, for there is no npm");
    String html = new String(get("/").body(), UTF_8);
    List<String> loaded = LOADED.matcher(html).results().map(found -> found.group(1)).toList();
    assertEquals(3, loaded.size(), html);
    for (String name : loaded) {
      Response response = get("/" + name);
      assertEquals(200, response.status());
      assertTrue(response.headers().get("Cache-Control").contains("immutable"));
    }
    assertFalse(html.contains("://"), html);
    assertEquals(routes.size() - 1, loaded.size());
  }

  @Test
  void nothingMayBeRunOrFramedThatIsNotThePagesOwn() throws InterruptedException {
    for (String path : routes.keySet()) {
      assumeTrue(get(path).status() == 200, "the page was left out, for there is no npm");
      String policy = get(path).headers().get("Content-Security-Policy");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
      assertFalse(policy.contains("unsafe"), policy);
      assertEquals("DENY", get(path).headers().get("X-Frame-Options"));
    }
    Matcher inline =
        Pattern.compile("<style|style=|<script(?! type=\"module\" src)|\\son\\w+=")
            .matcher(new String(get("/").body(), UTF_8));
    assertFalse(inline.find());
  }

  @Test
  void theScriptIsOfTheTypeThatBrowsersRun() throws InterruptedException {
    assumeTrue(routes.size() > 1, "the page was left out, for there is no npm");
    for (String path : routes.keySet()) {
      if (path.endsWith(".js")) {
        assertEquals("text/javascript; charset=utf-8", get(path).contentType());
      }
    }
    assertEquals("text/html; charset=utf-8", get("/").contentType());
  }
}
