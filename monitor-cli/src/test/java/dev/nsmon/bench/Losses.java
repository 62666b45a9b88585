package dev.nsmon.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a run of `nsmon watch -o json` says itself that it has not told.
///
/// @param lost events that the kernel dropped or the log lost
/// @param uncounted times that something was lost and nobody knows how much
/// @param unseen namespaces that came and went between two looks
/// @param missed events that a look found and the push source should have told
record Losses(long lost, long uncounted, long unseen, long missed) {
  private static final Pattern MISSED = Pattern.compile("has missed (\\d+) events");

  static Losses of(List<Watcher.Line> lines, List<String> errors) throws JsonProcessingException {
    long lost = 0;
    long uncounted = 0;
    long unseen = 0;
    for (Watcher.Line line : lines) {
      if (line.text().contains("\"kind\":\"events-lost\"")) {
        JsonNode event = Lives.JSON.readTree(line.text());
        long count = event.path("count").asLong();
        switch (event.path("where").asText()) {
          case "poll" -> unseen += count;
          case "log" -> lost += event.path("last").asLong() - event.path("first").asLong() + 1;
          default -> {
            lost += count;
            uncounted += event.has("count") ? 0 : 1;
          }
        }
      }
    }
    long missed = 0;
    for (String words : errors) {
      Matcher found = MISSED.matcher(words);
      missed += found.find() ? Long.parseLong(found.group(1)) : 0;
    }
    return new Losses(lost, uncounted, unseen, missed);
  }

  /// In words, "" if nothing was lost.
  String words() {
    StringBuilder words = new StringBuilder();
    add(words, lost, "lost");
    add(words, uncounted, "times lost without a count");
    add(words, missed, "missed and found by a look");
    add(words, unseen, "said to be unseen");
    return words.toString();
  }

  private static void add(StringBuilder words, long count, String what) {
    if (count > 0) {
      words.append(words.isEmpty() ? "" : ", ").append(count).append(' ').append(what);
    }
  }
}
