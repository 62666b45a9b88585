package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
  private static final int LENGTH = 76;

  private final EventDecoder event = new EventDecoder();

  private void begin(byte[] bytes) {
    event.begin(Datagram.words(bytes), 0, bytes.length);
  }

  private void assertEvent(int what, int sequence, long nanos) {
    assertTrue(event.next());
    assertEquals(what, event.what());
    assertEquals(1, event.cpu());
    assertEquals(sequence, event.sequence());
    assertEquals(nanos, event.nanos());
    assertFalse(event.isUnknown());
  }

  private void assertEnd() {
    assertFalse(event.next());
    assertFalse(event.isMalformed());
  }

  @Test
  void answerSaysWhatItAnswers() {
    begin(Datagram.bytes(Datagram.ANSWER));
    assertEvent(EventDecoder.NONE, 156_870, 13_065_662_919_443L);
    assertEquals(0x6e74, event.acknowledges());
    assertEquals(0, event.error());
    begin(Datagram.with(Datagram.bytes(Datagram.ANSWER), 52, 1));
    assertTrue(event.next());
    assertEquals(1, event.error());
  }

  @Test
  void forkNamesParentAndChild() {
    begin(Datagram.bytes(Datagram.FORK));
    assertEvent(EventDecoder.FORK, 156_871, 13_065_662_971_681L);
    assertEquals(13_938, event.parent());
    assertEquals(13_939, event.pid());
    assertEquals(13_939, event.tid());
    assertEnd();
  }

  @Test
  void threadHasAnotherTidThanPid() {
    begin(Datagram.bytes(Datagram.THREAD));
    assertEvent(EventDecoder.FORK, 156_875, 13_065_663_858_762L);
    assertEquals(13_938, event.pid());
    assertEquals(13_940, event.tid());
    assertEquals(13_928, event.parent());
  }

  @Test
  void allMessagesOfADatagramAreRead() {
    begin(Datagram.bytes(Datagram.COMM, Datagram.EXEC, Datagram.EXIT));
    assertEvent(0x200, 156_872, 13_065_663_029_327L);
    assertEvent(EventDecoder.EXEC, 156_873, 13_065_663_350_770L);
    assertEquals(13_939, event.pid());
    assertEquals(13_939, event.tid());
    assertEvent(EventDecoder.EXIT, 156_874, 13_065_663_803_710L);
    assertEquals(13_939, event.pid());
    assertEnd();
  }

  @Test
  void aMessageOfOddLengthIsFollowedByTheNextAtAMultipleOfFour() {
    byte[] odd = Arrays.copyOf(Datagram.bytes(Datagram.EXIT), LENGTH + 4);
    byte[] both = Arrays.copyOf(Datagram.with(odd, 0, LENGTH + 1), LENGTH + 4 + LENGTH);
    System.arraycopy(Datagram.bytes(Datagram.FORK), 0, both, LENGTH + 4, LENGTH);
    begin(both);
    assertTrue(event.next());
    assertTrue(event.next());
    assertEquals(EventDecoder.FORK, event.what());
    assertEnd();
  }

  @Test
  void whatIsCutOffAnywhereIsMalformedAndNotReadBeyond() {
    for (String hex : new String[] {Datagram.FORK, Datagram.EXEC, Datagram.EXIT, Datagram.ANSWER}) {
      byte[] whole = Datagram.bytes(hex);
      for (int length = 1; length < LENGTH; length++) {
        begin(Arrays.copyOf(whole, length));
        assertFalse(event.next());
        assertTrue(event.isMalformed(), "at " + length);
      }
    }
    begin(new byte[0]);
    assertEnd();
  }

  @ParameterizedTest
  @CsvSource({"0, 52", "1, 68", "2, 60", "3, 60", "4, 56"})
  void eventThatIsShorterThanWhatItTellsIsMalformed(int which, int needed) {
    byte[] whole =
        Datagram.bytes(
            List.of(Datagram.COMM, Datagram.FORK, Datagram.EXEC, Datagram.EXIT, Datagram.ANSWER)
                .get(which));
    for (int length = EventDecoder.HEADERS; length <= LENGTH; length++) {
      byte[] cut = Datagram.with(Arrays.copyOf(whole, length), 0, length);
      begin(Datagram.with(cut, 32, length - EventDecoder.HEADERS));
      assertEquals(length >= needed, event.next(), "with " + length + " bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "length of the message,      0, 77",
    "length below the headers,   0, 51",
    "negative length,            0, -1",
    "idx,                       16, 2",
    "val,                       20, 3",
    "length of the event,       32, 41",
    "length below its header,   32, 15",
    "tid,                       60, 0",
    "pid,                       64, -1",
    "pid too large,             64, 4194305",
    "parent,                    56, -1",
  })
  void nonsenseIsMalformed(String what, int offset, int value) {
    byte[] fork = Datagram.bytes(Datagram.FORK);
    begin(Datagram.with(fork, offset, value));
    assertFalse(event.next(), what);
    assertTrue(event.isMalformed(), what);
    begin(fork);
    assertTrue(event.next());
  }

  @Test
  void theIdleTaskMayBeAParentAndTheLargestPidAChild() {
    byte[] fork = Datagram.with(Datagram.bytes(Datagram.FORK), 56, 0);
    begin(Datagram.with(Datagram.with(fork, 60, 4_194_304), 64, 4_194_304));
    assertTrue(event.next());
    assertEquals(0, event.parent());
    assertEquals(4_194_304, event.pid());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x8, 0x400, 0x2000_0000})
  void eventOfAnUnknownKindIsAnEvent(int what) {
    begin(Datagram.with(Datagram.bytes(Datagram.COMM), 36, what));
    assertTrue(event.next());
    assertTrue(event.isUnknown());
    assertEnd();
  }
}
