package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.Ran;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every number that is written down here of the kernel's structures is the one in the headers.
class CnProcLayoutIT {
  private static final Map<String, Integer> HEADERS = new HashMap<>();

  @BeforeAll
  static void askTheCompiler(@TempDir Path directory) throws Exception {
    Ran.needs("gcc");
    Path classes =
        Path.of(CnProcLayoutIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String probe = directory.resolve("probe").toString();
    Path source = classes.resolve("../../src/test/c/layout/cn_proc.c");
    Ran.of("gcc", "-o", probe, source.toString()).well();
    for (String line : Ran.of(probe).well().out().lines().toList()) {
      int space = line.lastIndexOf(' ');
      HEADERS.put(line.substring(0, space), (int) Long.parseLong(line.substring(space + 1)));
    }
  }

  private static int of(String name) {
    assertTrue(HEADERS.containsKey(name), name);
    return HEADERS.get(name);
  }

  @Test
  void numbersAreThoseOfTheHeaders() {
    Map<String, Integer> ours =
        Map.ofEntries(
            Map.entry("NONE", EventDecoder.NONE),
            Map.entry("FORK", EventDecoder.FORK),
            Map.entry("EXEC", EventDecoder.EXEC),
            Map.entry("EXIT", EventDecoder.EXIT),
            Map.entry("OTHERS", EventDecoder.OTHERS),
            Map.entry("LISTEN", ConnectorSocket.LISTEN),
            Map.entry("IGNORE", ConnectorSocket.IGNORE),
            Map.entry("AF_NETLINK", ConnectorSocket.AF_NETLINK),
            Map.entry("NETLINK_CONNECTOR", ConnectorSocket.NETLINK_CONNECTOR),
            Map.entry("NLMSG_DONE", ConnectorSocket.NLMSG_DONE),
            Map.entry("SOCK_DGRAM | SOCK_CLOEXEC", ConnectorSocket.SOCK_DGRAM_CLOEXEC),
            Map.entry("SOL_SOCKET", ConnectorSocket.SOL_SOCKET),
            Map.entry("SO_RCVBUF", ConnectorSocket.SO_RCVBUF),
            Map.entry("SO_RCVBUFFORCE", ConnectorSocket.SO_RCVBUFFORCE),
            Map.entry("SO_MEMINFO", ConnectorSocket.SO_MEMINFO),
            Map.entry("SK_MEMINFO_DROPS", ConnectorSocket.MEMINFO_DROPS),
            Map.entry("MSG_DONTWAIT", Inbox.MSG_DONTWAIT),
            Map.entry("mmsghdr", Inbox.HEADER),
            Map.entry("mmsghdr.msg_name", Inbox.NAME),
            Map.entry("mmsghdr.msg_namelen", Inbox.NAME_LENGTH),
            Map.entry("mmsghdr.msg_iov", Inbox.IOV),
            Map.entry("mmsghdr.msg_iovlen", Inbox.IOV_LENGTH),
            Map.entry("mmsghdr.msg_len", Inbox.LENGTH),
            Map.entry("iovec", Inbox.VECTOR),
            Map.entry("iovec.iov_base", 0),
            Map.entry("iovec.iov_len", 8),
            Map.entry("sockaddr_nl", Inbox.ADDRESS),
            Map.entry("sockaddr_nl.nl_pid", Inbox.SENDER),
            Map.entry("sockaddr_nl.nl_groups", 8),
            Map.entry("group", 1),
            Map.entry("nlmsghdr", EventDecoder.NETLINK_HEADER),
            Map.entry("nlmsg_type", 4),
            Map.entry("what", EventDecoder.HEADERS));
    ours.forEach((name, number) -> assertEquals(of(name), number, name));
  }

  @Test
  void eventsAreReadWhereTheHeadersSayTheyAre() {
    EventDecoder fork = decoded("FORK", "fork.child_pid", "fork.child_tgid");
    assertEquals(11, fork.sequence());
    assertEquals(12, fork.acknowledges());
    assertEquals(13, fork.cpu());
    assertEquals(14L << 32 | 15, fork.nanos());
    assertEquals(18, fork.parent());
    for (EventDecoder event :
        new EventDecoder[] {
          fork,
          decoded("EXEC", "exec.process_pid", "exec.process_tgid"),
          decoded("EXIT", "exit.process_pid", "exit.process_tgid")
        }) {
      assertEquals(16, event.tid());
      assertEquals(17, event.pid());
    }
    EventDecoder answer = decoded("NONE", "err", "fork.child_tgid");
    assertEquals(16, answer.error());
  }

  /// An event of this kind, with a number of its own in each field.
  private static EventDecoder decoded(String what, String thread, String process) {
    int length = of("what") + of("proc_event");
    byte[] bytes = new byte[length];
    bytes = Datagram.with(bytes, of("nlmsg_len"), length);
    bytes = Datagram.with(bytes, of("idx"), of("group"));
    bytes = Datagram.with(bytes, of("val"), of("CN_VAL_PROC"));
    bytes = Datagram.with(bytes, of("seq"), 11);
    bytes = Datagram.with(bytes, of("ack"), 12);
    bytes = Datagram.with(bytes, of("len"), of("proc_event"));
    bytes = Datagram.with(bytes, of("what"), of(what));
    bytes = Datagram.with(bytes, of("cpu"), 13);
    bytes = Datagram.with(bytes, of("timestamp_ns"), 15);
    bytes = Datagram.with(bytes, of("timestamp_ns") + 4, 14);
    bytes = Datagram.with(bytes, of("fork.parent_tgid"), 18);
    bytes = Datagram.with(bytes, of(thread), 16);
    bytes = Datagram.with(bytes, of(process), 17);
    EventDecoder event = new EventDecoder();
    event.begin(Datagram.words(bytes), 0, length);
    assertTrue(event.next(), what);
    return event;
  }
}
