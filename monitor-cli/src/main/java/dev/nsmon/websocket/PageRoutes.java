package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The page at `/` and the files that it loads, read once from the jar. Its content security policy
/// blocks everything from elsewhere and all other scripts, whatever the names of processes contain.
public final class PageRoutes {
  private static final String PLACE = "/dev/nsmon/page/";
  private static final String HTML = "index.html";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
          + "img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy", POLICY,
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "camera=(), geolocation=(), microphone=(), usb=()",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY");

  /// The answer of a build without npm, which has no page.
  private static final Response LEFT_OUT =
      Response.text(
          404,
          "this nsmon was built without its page, for there was no npm; the stream is at /events");

  private PageRoutes() {}

  /// All routes of the page, by path. They are open, because the page must load before it can show
  /// a token.
  public static Map<String, Route> of() {
    Map<String, Route> routes = new LinkedHashMap<>();
    byte[] names = read("files.txt");
    if (names == null) {
      routes.put("/", Route.open(_ -> LEFT_OUT));
      return routes;
    }
    for (String name : new String(names, UTF_8).lines().toList()) {
      Response response = response(name, read(name));
      routes.put(name.equals(HTML) ? "/" : "/" + name, Route.open(_ -> response));
    }
    return routes;
  }

  private static Response response(String name, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>(HEADERS);
    // All other file names contain a hash of the file.
    headers.put(
        "Cache-Control", name.equals(HTML) ? "no-cache" : "public, max-age=31536000, immutable");
    return new Response(200, contentType(name), body, Map.copyOf(headers));
  }

  private static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "application/octet-stream";
    };
  }

  /// Null if the file does not exist.
  private static byte[] read(String name) {
    try (InputStream in = PageRoutes.class.getResourceAsStream(PLACE + name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
