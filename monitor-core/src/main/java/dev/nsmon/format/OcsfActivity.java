package dev.nsmon.format;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Synced;

/// The class and activity of an event in the Open Cybersecurity Schema Framework.
///
/// @param classUid id of the event class; 0 is the Base Event
/// @param id id of the activity within the class; 99 is one that the class does not name
record OcsfActivity(int classUid, String className, int id, String name) {
  private static final int OTHER = 99;
  private static final OcsfActivity CREATE = kernel(1, "Create");
  private static final OcsfActivity DELETE = kernel(3, "Delete");
  private static final OcsfActivity TERMINATE = process(2, "Terminate");
  private static final OcsfActivity JOIN = process(OTHER, "Namespace Join");
  private static final OcsfActivity SYNCED = base("Synced");
  private static final OcsfActivity LOST = base("Events Lost");

  static OcsfActivity of(NamespaceEvent event) {
    return switch (event) {
      case Created _ -> CREATE;
      case Destroyed _ -> DELETE;
      case Joined _ -> JOIN;
      case Left _ -> TERMINATE;
      case Synced _ -> SYNCED;
      case EventsLost _ -> LOST;
      case Other other -> base(other.word().toString());
    };
  }

  private static OcsfActivity kernel(int id, String name) {
    return new OcsfActivity(1003, "Kernel Activity", id, name);
  }

  private static OcsfActivity process(int id, String name) {
    return new OcsfActivity(1007, "Process Activity", id, name);
  }

  private static OcsfActivity base(String name) {
    return new OcsfActivity(0, "Base Event", OTHER, name);
  }

  boolean isBase() {
    return classUid == 0;
  }

  int typeUid() {
    return classUid * 100 + id;
  }

  int categoryUid() {
    return isBase() ? 0 : 1;
  }

  String categoryName() {
    return isBase() ? "Uncategorized" : "System Activity";
  }
}
