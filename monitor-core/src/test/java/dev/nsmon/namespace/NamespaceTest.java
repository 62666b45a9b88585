package dev.nsmon.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Names and keys are those of the kernel.
class NamespaceTest {

  @Test
  void nameIsAsTheKernelShowsIt() {
    Namespace namespace =
        new Namespace(
            NamespaceType.NET, 4_026_532_177L, 810, "net:810", false, "", "", -1, Optional.empty());
    assertEquals("net:[4026532177]", namespace.name());
  }

  @Test
  void keyIsByIdOrByInodeAndGeneration() {
    assertEquals("net:810", Namespace.keyOfId(NamespaceType.NET, 810));
    assertEquals("net:4026532177.2", Namespace.keyOfInode(NamespaceType.NET, 4_026_532_177L, 2));
  }

  @Test
  void idIsUnsigned() {
    assertEquals("uts:18446744073709551614", Namespace.keyOfId(NamespaceType.UTS, -2));
  }

  @ParameterizedTest
  @EnumSource
  void typeIsFoundByItsKernelName(NamespaceType type) {
    assertEquals(Optional.of(type), NamespaceType.byKernelName(type.kernelName()));
    assertEquals(Optional.empty(), NamespaceType.byKernelName(type.name()));
  }

  @ParameterizedTest
  @EnumSource
  void membershipsHaveTheOrdinalsOfTheirTypes(NamespaceType type) {
    NamespaceLink link = NamespaceLink.at(type.ordinal());
    assertEquals(type, link.type());
    assertEquals(type.kernelName(), link.fileName());
  }

  @Test
  void twoLinksAreOfFutureChildren() {
    assertEquals("pid_for_children", NamespaceLink.PID_FOR_CHILDREN.fileName());
    assertEquals("time_for_children", NamespaceLink.TIME_FOR_CHILDREN.fileName());
    assertEquals(NamespaceLink.COUNT, NamespaceLink.values().length);
  }
}
