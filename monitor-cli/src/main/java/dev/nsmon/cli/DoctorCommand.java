package dev.nsmon.cli;

import dev.nsmon.format.Escape;
import dev.nsmon.format.Style;
import dev.nsmon.format.Style.Colour;
import dev.nsmon.proc.HostView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `nsmon doctor`: reports what nsmon can observe on this host, what it can't, and the remedy.
@Command(
    name = "doctor",
    description = "Says what this host and this user allow, and what is invisible therefore.",
    exitCodeListHeading = ExitCode.HELP_HEADING,
    exitCodeList = {"0:all can be seen", "4:the monitor would be partly blind"},
    footerHeading = "%nMarks:%n",
    footer = {
      "  ok as it should be   -- less than it could be   !! partly blind",
      "",
      "Examples:",
      "  nsmon doctor && nsmon watch     start only where everything can be seen"
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private ColourOption colour;

  @Override
  public Integer call() throws IOException {
    List<Finding> findings;
    try (HostView view = new HostView()) {
      findings = new Doctor(view).examine();
    }
    Style style = colour.style();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean blind = false;
    for (Finding finding : findings) {
      blind |= finding.health() == Finding.Health.BLIND;
      line(out, mark(style, finding) + " " + finding.what() + ": " + show(style, finding.found()));
      if (!finding.remedy().isEmpty()) {
        line(out, "   " + show(style, finding.remedy()));
      }
    }
    int written = Output.write(out);
    return written == ExitCode.DONE && blind ? ExitCode.PRIVILEGE : written;
  }

  private static String mark(Style style, Finding finding) {
    Colour with =
        switch (finding.health()) {
          case WELL -> Colour.GREEN;
          case LESSER -> Colour.YELLOW;
          case BLIND -> Colour.RED;
        };
    return style.paint(with, finding.health().mark());
  }

  private static String show(Style style, String text) {
    return style.show(Escape.text(text));
  }

  private static void line(ByteArrayOutputStream out, String text) {
    out.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
