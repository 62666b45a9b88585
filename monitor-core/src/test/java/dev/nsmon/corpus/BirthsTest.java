package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.libc.Errno;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// How many namespaces were born, whether anybody saw them: told by ids, where each CPU has its own
/// (Linux 6.18).
class BirthsTest extends Scenario {
  private void count(long births) {
    OptionalLong counted = subject.births();
    switch (kind) {
      case NO_IDS -> assertEquals(OptionalLong.empty(), counted);
      case IDS -> assertEquals(OptionalLong.of(births), counted);
      case ACTIVE_IDS -> assertTrue(counted.isPresent()); // How many, see KnownWrongTest.
    }
  }

  @Test
  void birthsOnOneCpuAreCounted() throws IOException {
    begin();
    subject.births();
    for (int i = 0; i < 50; i++) {
      host.fork(1, 42, NET, USER);
      host.exit(42);
    }
    count(100);
    count(100);
  }

  @Test
  void birthsOfMoreThanABatchAreCounted() throws IOException {
    begin();
    subject.births();
    for (int i = 0; i < 10_000; i++) {
      host.newId(0);
    }
    for (int i = 0; i < 5; i++) {
      host.newId(1);
    }
    count(10_005);
  }

  @Test
  void thoseThatWereSeenAreKnown() throws IOException {
    begin();
    host.fork(1, 42, NET, USER);
    scan();
    assertEquals(kind.hasIds() ? 2 : 0, subject.seenBorn());
  }

  @Test
  void monitorIsBackWhereItWas() throws IOException {
    begin();
    subject.births();
    assertEquals("[]", host.alive().toString());
  }

  @Test
  void whoMayNotReturnDoesNotLeave() throws IOException {
    begin();
    kernel.fail("setns", Errno.EPERM);
    assertEquals(OptionalLong.empty(), subject.births());
    assertEquals(0, kernel.count("unshare"));
    kernel.heal("setns");
    assertEquals(OptionalLong.empty(), subject.births(), "it is not tried again");
  }

  @Test
  void whoMayNotMakeNamespacesCountsNone() throws IOException {
    begin();
    kernel.fail("unshare", Errno.EPERM);
    assertEquals(OptionalLong.empty(), subject.births());
  }
}
