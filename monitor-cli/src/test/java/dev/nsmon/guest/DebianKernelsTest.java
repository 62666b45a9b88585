package dev.nsmon.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Of the kernels that a suite has, the newest of a kind is chosen.
final class DebianKernelsTest {
  @Test
  void theNewestOfItsKindComesFirst() {
    List<String> names =
        List.of(
            "linux-image-7.3.4+deb13-cloud-amd64",
            "linux-image-7.3.10+deb13-cloud-amd64",
            "linux-image-7.3.11+deb13-cloud-amd64-dbg",
            "linux-image-7.3.11+deb13-amd64",
            "linux-image-7.3.11+deb13-cloud-amd64-unsigned",
            "linux-image-6.19.14+deb13-cloud-amd64",
            "linux-image-cloud-amd64",
            "linux-image-5.10.0-9-cloud-amd64",
            "linux-image-5.10.0-32-cloud-amd64",
            "linux-image-6.1.0-50-cloud-amd64");
    assertEquals(
        List.of("linux-image-7.3.10+deb13-cloud-amd64", "linux-image-7.3.4+deb13-cloud-amd64"),
        DebianKernels.newestFirst(Kernel.V7, names));
    assertEquals(
        List.of("linux-image-5.10.0-32-cloud-amd64", "linux-image-5.10.0-9-cloud-amd64"),
        DebianKernels.newestFirst(Kernel.V5_10, names));
    assertEquals(
        List.of("linux-image-6.1.0-50-cloud-amd64"), DebianKernels.newestFirst(Kernel.V6_1, names));
    assertEquals(List.of(), DebianKernels.newestFirst(Kernel.V6_12, names));
  }
}
