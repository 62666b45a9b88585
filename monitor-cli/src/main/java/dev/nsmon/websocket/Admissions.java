package dev.nsmon.websocket;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// All connections, with the credentials that each was admitted with. [Server] calls [#withdraw]
/// once a second, to end those whose token was replaced or whose authority was removed.
final class Admissions {
  private final Set<Admission> all = ConcurrentHashMap.newKeySet();
  private final ConnectionLimit limit;
  private final ListenSettings.Pending limits;
  private final PendingConnections<Admission> pending;
  private final Optional<Token> token;
  private final Optional<ServerTls> tls;
  private final Consumer<String> remarks;

  /// @param remarks receives messages for the operator, on the thread of [#withdraw]
  Admissions(
      ListenSettings.Limits limits,
      Optional<Token> token,
      Optional<ServerTls> tls,
      Consumer<String> remarks) {
    this.limit = new ConnectionLimit(limits);
    this.limits = limits.pending();
    this.pending = new PendingConnections<>(this.limits);
    this.token = token;
    this.tls = tls;
    this.remarks = remarks;
  }

  /// Limit on the number of connections, in total and by address.
  ConnectionLimit limit() {
    return limit;
  }

  ListenSettings.Pending limits() {
    return limits;
  }

  /// Adds a new connection, which has shown no token yet. If there are too many such connections,
  /// closes the oldest of them.
  ///
  /// @param trust authorities that its certificate is checked against; empty if none is demanded
  Admission begin(Channel channel, Optional<ClientTrust> trust) {
    Admission admission = new Admission(this, channel, trust, limits.bytes());
    all.add(admission);
    ConnectionLimit.address(channel)
        .flatMap(address -> pending.add(admission, address))
        .ifPresent(Admission::close);
    return admission;
  }

  /// Takes a connection out of the pending ones: it has shown its token or is closed.
  void proved(Admission admission) {
    pending.remove(admission);
  }

  void left(Admission admission) {
    all.remove(admission);
  }

  /// Ends the connections that would not be admitted any more, and reports how many, by reason.
  /// Always called by the same thread.
  void withdraw() {
    Optional<ClientTrust> trust = tls.flatMap(one -> one.current().trust());
    // Checks the token file even if no request arrives, so that a replaced token takes effect.
    token.ifPresent(Token::refresh);
    Map<String, Integer> ended = new TreeMap<>();
    for (Admission one : all) {
      one.withdrawn(token, trust)
          .ifPresent(
              reason -> {
                one.end(reason);
                ended.merge(reason, 1, Integer::sum);
              });
    }
    ended.forEach(
        (reason, count) ->
            remarks.accept(
                count
                    + (count == 1 ? " connection was" : " connections were")
                    + " ended: "
                    + reason));
  }
}
