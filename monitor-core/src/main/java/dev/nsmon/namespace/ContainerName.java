package dev.nsmon.namespace;

/// The name and image of a container, according to its runtime. Unknown is empty.
public record ContainerName(String name, String image) {
  /// The value if no runtime was asked or none has answered.
  public static final ContainerName NONE = new ContainerName("", "");
}
