package dev.nsmon.namespace;

/// What a container runtime calls the container of a process. What it does not tell is empty.
///
/// @param name such as `web`
/// @param image such as `docker.io/library/nginx:1.29`
public record ContainerName(String name, String image) {
  /// Where no runtime was asked, or none has answered.
  public static final ContainerName NONE = new ContainerName("", "");
}
