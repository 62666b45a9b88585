package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is put in stands there, in its order.
final class JsonTreeTest {
  @Test
  void allThatMayBeInItStandsThere() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("b", List.of(1, 2L << 60, true, Map.of("c", "\u202e\"\n")));
    object.put("a", Map.of());
    assertEquals(
        "{\"b\":[1,2305843009213693952,true,{\"c\":\"\\u202E\\\"\\n\"}],\"a\":{}}",
        new String(JsonTree.write(object), US_ASCII));
    Map<String, Object> odd = Map.of("a", 1.5);
    assertThrows(IllegalArgumentException.class, () -> JsonTree.write(odd));
  }
}
