package dev.nsmon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.namespace.NamespaceType;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be a value of a filter is read; what can't is refused in one line that says what could.
class FilterValuesTest {
  private static final String TYPES = "cgroup, ipc, mnt, net, pid, time, user, uts";

  private static String refused(Function<String, ?> read, String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> read.apply(text), text).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @ParameterizedTest
  @EnumSource
  void eachTypeIsNamedAsTheKernelDoes(NamespaceType type) {
    assertEquals(type, FilterValues.type(type.kernelName()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Net", "net ", "network"})
  void anythingElseIsNoType(String text) {
    assertEquals(
        "'" + text + "' is no namespace type: one of " + TYPES, refused(FilterValues::type, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "namespace-created",
        "process-joined",
        "process-left",
        "namespace-destroyed",
      })
  void eachChangeIsNamedAsInTheRecord(String kind) {
    assertEquals(kind, FilterValues.kind(kind).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"synced", "events-lost", "", "created", "NAMESPACE_CREATED"})
  void aControlRecordCanNotBeAskedForAndIsNotOffered(String text) {
    assertEquals(
        "'"
            + text
            + "' is no event: one of namespace-created, process-joined, process-left,"
            + " namespace-destroyed",
        refused(FilterValues::kind, text));
  }

  @Test
  void pidsAreNumbersFromOneOn() {
    assertEquals(1, FilterValues.pid("1"));
    assertEquals(4_194_304, FilterValues.pid("4194304"));
    assertEquals(999_999_999, FilterValues.pid("999999999"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "+1", "01", " 1", "1000000000", "1.5", "nginx"})
  void anythingElseIsNoPid(String text) {
    assertEquals(
        "'" + text + "' is no process id: a number from 1 on", refused(FilterValues::pid, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net:[4026532177]",
        "net:810",
        "uts:4026532179.2",
        "user:18446744073709551615",
        "time:[1]",
        "time:4711/12"
      })
  void aNamespaceIsNamedByInodeIdOrKey(String text) {
    assertEquals(text, FilterValues.namespace(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "net",
        "net:",
        "net:[]",
        "net:[1",
        "net:1]",
        "net:1 2",
        "net:\u00e4",
        "NET:1",
        "4026532177"
      })
  void anythingElseIsNoNamespace(String text) {
    assertEquals(
        "'"
            + text
            + "' is no namespace: net:[4026532177] by inode or net:810 by id, with any type of "
            + TYPES,
        refused(FilterValues::namespace, text));
  }

  @Test
  void aNamespaceOfAnUnknownTypeIsNone() {
    assertEquals(
        "'net2' is no namespace type: one of " + TYPES, refused(FilterValues::type, "net2"));
    assertEquals(
        "'socket' is no namespace type: one of " + TYPES,
        refused(FilterValues::namespace, "socket:[7]"));
  }
}
