package dev.nsmon.websocket;

/// Files that the server reads at its start, and again when they change.
public enum ListenFile {
  TOKEN,
  CERTIFICATE,
  KEY,
  CLIENT_CA
}
