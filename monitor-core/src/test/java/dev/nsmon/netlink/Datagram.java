package dev.nsmon.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// Datagrams of the proc connector, as Linux 6.18 sent them and as nobody would.
final class Datagram {
  /// The answer to LISTEN with ack 0x6e73.
  static final String ANSWER =
      "4c00000003000000c6640200000000000100000001000000c6640200746e0000"
          + "28000000000000000100000013733216e20b0000"
          + "000000000000000000000000000000000000000000000000";

  /// Process 13938 has forked 13939.
  static final String FORK =
      "4c00000003000000c7640200000000000100000001000000c764020000000000"
          + "280000000100000001000000213f3316e20b0000"
          + "723600007236000073360000733600000000000000000000";

  /// It has called itself "blue".
  static final String COMM =
      "4c00000003000000c8640200000000000100000001000000c864020000000000"
          + "2800000000020000010000004f203416e20b0000"
          + "7336000073360000626c7565000000000000000000000000";

  static final String EXEC =
      "4c00000003000000c9640200000000000100000001000000c964020000000000"
          + "280000000200000001000000f2073916e20b0000"
          + "733600007336000000000000000000000000000000000000";

  static final String EXIT =
      "4c00000003000000ca640200000000000100000001000000ca64020000000000"
          + "2800000000000080010000003ef13f16e20b0000"
          + "733600007336000000000000110000007236000072360000";

  /// Process 13938, a child of 13928, has made a thread 13940.
  static final String THREAD =
      "4c00000003000000cb640200000000000100000001000000cb64020000000000"
          + "2800000001000000010000004ac84016e20b0000"
          + "683600006836000074360000723600000000000000000000";

  private Datagram() {}

  static byte[] bytes(String... hex) {
    return HexFormat.of().parseHex(String.join("", hex));
  }

  /// As the decoder gets it: as many words as there are bytes for, so that it can't read on.
  static int[] words(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocate((bytes.length + 3) & ~3).order(ByteOrder.LITTLE_ENDIAN);
    int[] words = new int[buffer.capacity() / 4];
    buffer.put(bytes).rewind().asIntBuffer().get(words);
    return words;
  }

  /// The same with the u32 at this offset replaced.
  static byte[] with(byte[] bytes, int offset, int value) {
    byte[] changed = bytes.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    return changed;
  }
}
