package dev.nsmon.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Credentials that a connection was admitted with: a client certificate, a token. Limits its bytes
/// and its time until it has shown the token. Where no token is demanded, the limits end with the
/// first request that [Gate] admits.
///
/// First handler of the pipeline, so it counts bytes as they come from the network, those of TLS
/// included. It removes itself when the limits end. Event loop only, except where noted.
final class Admission extends ChannelInboundHandlerAdapter {
  /// WebSocket close code: the token or the authority that the client was admitted with is no
  /// longer valid.
  private static final int WITHDRAWN = 4401;

  private final Admissions all;
  private final Channel channel;

  /// Authorities that the client's certificate was last checked against; null if no certificate is
  /// demanded. [#withdrawn] replaces them after a successful check; used by its thread only.
  private ClientTrust trust;

  /// SHA-256 of the token that the client has shown last; null before that. Set by [#shown], never
  /// cleared.
  private volatile byte[] token;

  /// True once [#end] was called; never reset. Thread of [#withdrawn] only.
  private boolean ended;

  /// True while the limits apply. Cleared, on the event loop, by [#shown] or when the channel
  /// closes.
  private volatile boolean pending = true;

  /// Bytes that may still be received while the limits apply.
  private long left;

  private Future<?> alarm;

  /// @param bytes limit of the bytes that it may send while the limits apply
  Admission(Admissions all, Channel channel, Optional<ClientTrust> trust, long bytes) {
    this.all = all;
    this.channel = channel;
    this.trust = trust.orElse(null);
    this.left = bytes;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    alarm =
        ctx.executor().schedule(this::close, all.limits().time().toMillis(), TimeUnit.MILLISECONDS);
    channel
        .closeFuture()
        .addListener(
            _ -> {
              alarm.cancel(false);
              notPending();
              all.left(this);
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    left -= message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    if (left < 0) {
      ReferenceCountUtil.release(message);
      ChannelFuture _ = ctx.close();
    } else {
      ctx.fireChannelRead(message);
    }
  }

  /// Closes the connection without an answer. Any thread.
  void close() {
    ChannelFuture _ = channel.close();
  }

  /// Ends the limits: the connection has shown what is demanded. Event loop only.
  ///
  /// @param hash SHA-256 of the token; empty if no token is demanded
  void shown(Optional<byte[]> hash) {
    hash.ifPresent(one -> token = one);
    if (pending) {
      notPending();
      alarm.cancel(false);
      channel.pipeline().remove(this);
    }
  }

  private void notPending() {
    if (pending) {
      pending = false;
      all.proved(this);
    }
  }

  /// Why this connection would not be admitted any more; empty if it still would be, or if [#end]
  /// was called. Always called by the same thread.
  ///
  /// @param currentToken empty if no token is demanded
  /// @param currentTrust empty if no certificate is demanded
  Optional<String> withdrawn(Optional<Token> currentToken, Optional<ClientTrust> currentTrust) {
    byte[] shown = token;
    if (ended) {
      return Optional.empty();
    }
    if (shown != null && currentToken.isPresent() && !currentToken.get().hasHash(shown)) {
      return Optional.of("the token was replaced");
    }
    if (trust == null || currentTrust.isEmpty() || trust.equals(currentTrust.get())) {
      return Optional.empty();
    }
    Optional<X509Certificate[]> certificates = certificates();
    if (certificates.isPresent() && !currentTrust.get().trusts(certificates.get())) {
      return Optional.of("the authority of its certificate was removed");
    }
    if (certificates.isPresent()) {
      trust = currentTrust.get();
    }
    return Optional.empty();
  }

  /// The client's certificate chain; empty until the TLS handshake has succeeded. A certificate
  /// that arrives later is checked by the next [#withdrawn].
  private Optional<X509Certificate[]> certificates() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null || !tls.handshakeFuture().isSuccess()) {
      return Optional.empty();
    }
    try {
      Certificate[] shown = tls.engine().getSession().getPeerCertificates();
      return Optional.of(Arrays.copyOf(shown, shown.length, X509Certificate[].class));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /// Closes the connection; a client of the stream gets a close frame with the reason. Called by
  /// the thread of [#withdrawn].
  void end(String reason) {
    ended = true;
    channel
        .eventLoop()
        .execute(
            () -> {
              Client client = channel.pipeline().get(Client.class);
              if (client == null) {
                ChannelFuture _ = channel.close();
              } else {
                client.close(WITHDRAWN, reason);
              }
            });
  }
}
