package dev.nsmon.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.websocket.Subscription.Form;
import dev.nsmon.websocket.Subscription.Since;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a query asks for, and what it is answered if that can't be.
final class SubscriptionsTest {

  private static Subscription parse(String query) throws BadRequestException {
    Map<String, List<String>> parameters = new QueryStringDecoder("/events?" + query).parameters();
    return Subscriptions.parse(parameters, Optional.empty(), Optional.empty());
  }

  @Test
  void nothingAskedForIsEverything() throws BadRequestException {
    assertEquals(new Subscription(EventFilter.ALL, Form.JSON, Optional.empty()), parse(""));
  }

  @Test
  void valuesWidenAndNamesNarrow() throws BadRequestException {
    Subscription all =
        parse(
            "type=net,mnt&type=pid&event=process-left&pid=1,22&comm=a%20b&container=0a1b"
                + "&ns=net:[4026532177],uts:7&baseline=false&since=12&stream=s-1");
    assertEquals(
        new EventFilter(
            Set.of(NamespaceType.NET, NamespaceType.MNT, NamespaceType.PID),
            Set.of(Kind.PROCESS_LEFT),
            Set.of(1, 22),
            Set.of("a b"),
            Set.of("0a1b"),
            Set.of("net:[4026532177]", "uts:7"),
            false),
        all.filter());
    assertEquals(Optional.of(new Since(Optional.of("s-1"), 12)), all.since());
    assertEquals(Optional.of(new Since(Optional.empty(), 0)), parse("since=0").since());
  }

  @Test
  void theSubprotocolIsTheForm() throws BadRequestException {
    assertEquals(Form.CLOUDEVENTS, of("cloudevents.json", "").form());
    assertEquals(Form.JSON, of("nsmon.json", "").form());
    assertThrows(BadRequestException.class, () -> of("mqtt", ""));
  }

  @Test
  void anEmptyLastEventIdIsNone() throws BadRequestException {
    assertEquals(Optional.empty(), of("nsmon.json", "").since());
    assertEquals(Optional.of(new Since(Optional.of("a/b"), 3)), of("nsmon.json", "a/b/3").since());
    for (String wrong : List.of("3", "/3", "s/", "s/x", "s/-1")) {
      assertThrows(BadRequestException.class, () -> of("nsmon.json", wrong), wrong);
    }
  }

  private static Subscription of(String subprotocol, String id) throws BadRequestException {
    return Subscriptions.parse(Map.of(), Optional.of(subprotocol), Optional.of(id));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          types=net    | 'types' is no parameter: one of type, event, ns, pid, comm, container, \
          attention, baseline, since, stream
          type=nett    | 'nett' is no namespace type: one of cgroup, ipc, mnt, net, pid, time, \
          user, uts
          type=        | type: a value is missing, such as type=net,mnt
          comm=a,,b    | comm: a value is missing, such as comm=nginx
          event=synced | 'synced' is no event: one of namespace-created, process-joined, \
          process-left, namespace-destroyed
          pid=0        | '0' is no process id: a number from 1 on
          pid=1%0A2    | '1\\n2' is no process id: a number from 1 on
          ns=net       | 'net' is no namespace: net:[4026532177] by inode or net:810 by id, with \
          any type of cgroup, ipc, mnt, net, pid, time, user, uts
          baseline=no  | baseline: true or false
          since=-1     | since: '-1' is no number of a record: a whole number from 0 on
          since=1&since=2 | since: given 2 times, and can be given once
          stream=s     | stream: needs since, the number of the last record that you have of it
          """,
      quoteCharacter = '~')
  void whatIsWrongIsAnsweredByWhatWouldBeRight(String query, String message) {
    assertEquals(message, assertThrows(BadRequestException.class, () -> parse(query)).getMessage());
  }
}
