package dev.nsmon.cli;

/// The result of one test of `nsmon doctor`.
///
/// @param health whether and how it limits what can be observed
/// @param what the subject of the test
/// @param found the result
/// @param remedy what can't be observed and what to do about it; empty if all is well
record Finding(Health health, String what, String found, String remedy) {

  enum Health {
    WELL("ok"),
    /// Below the optimum, but not blind: nsmon uses another method, which may miss short-lived
    /// changes.
    LESSER("--"),
    BLIND("!!");

    private final String mark;

    Health(String mark) {
      this.mark = mark;
    }

    String mark() {
      return mark;
    }
  }

  static Finding well(String what, String found) {
    return new Finding(Health.WELL, what, found, "");
  }

  static Finding lesser(String what, String found, String remedy) {
    return new Finding(Health.LESSER, what, found, remedy);
  }

  static Finding blind(String what, String found, String remedy) {
    return new Finding(Health.BLIND, what, found, remedy);
  }
}
