package dev.nsmon.cli;

/// What the doctor found about one thing.
///
/// @param health how good it is
/// @param what the thing
/// @param found what there is
/// @param remedy what to do about it, with what is invisible until then; empty if all is well
record Finding(Health health, String what, String found, String remedy) {

  enum Health {
    WELL("ok"),
    /// Not as good as it could be, and nothing is missed for it.
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
