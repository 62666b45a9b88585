package dev.nsmon.websocket;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts connections in total and by address, against a limit for each. Any thread.
final class ConnectionCount {
  private final int most;
  private final int mostOfAddress;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  ConnectionCount(int most, int mostOfAddress) {
    this.most = most;
    this.mostOfAddress = mostOfAddress;
  }

  /// Counts one more connection; false, without counting it, if a limit would be exceeded.
  boolean enter(InetAddress address) {
    int total = all.incrementAndGet();
    int sameAddress = byAddress.merge(address, 1, Integer::sum);
    if (total > most || sameAddress > mostOfAddress) {
      leave(address);
      return false;
    }
    return true;
  }

  void leave(InetAddress address) {
    all.decrementAndGet();
    byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }
}
