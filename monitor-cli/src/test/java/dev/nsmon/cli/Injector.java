package dev.nsmon.cli;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ClassType;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectCollectedException;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `nsmon serve` on the JDK of the tests, under its debugger: any thread can be made to throw
/// anything, at the begin of a method, without a line for it in the program.
final class Injector implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("Listening for transport dt_socket at address: ([0-9]+)");
  private static final long PATIENCE_MILLIS = 30_000;
  private static final long POLL_MILLIS = 100;

  private final Child child;
  private final VirtualMachine machine;

  private Injector(Child child, VirtualMachine machine) {
    this.child = child;
    this.machine = machine;
  }

  /// @param environment beside that of all tests
  static Injector serve(Map<String, String> environment, String... options) {
    Path lib = Nsmon.image().resolve("lib");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0",
                "-XX:TieredStopAtLevel=1",
                // Of the agent, which may crash as the process halts.
                "-XX:ErrorFile=/dev/null",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.library.path=" + lib,
                "-cp",
                lib + "/*",
                "dev.nsmon.cli.Main",
                "serve"));
    command.addAll(List.of(options));
    ProcessBuilder builder = Nsmon.command(command.toArray(String[]::new));
    builder.environment().putAll(environment);
    Child child = Child.start(builder);
    Matcher listening = LISTENING.matcher(child.awaitLine(line -> LISTENING.matcher(line).find()));
    if (!listening.find()) {
      throw new AssertionError("no debugger: " + child.out());
    }
    return new Injector(child, attach(listening.group(1)));
  }

  private static VirtualMachine attach(String port) {
    AttachingConnector socket =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(one -> one.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = socket.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(port);
    try {
      return socket.attach(arguments);
    } catch (IOException | com.sun.jdi.connect.IllegalConnectorArgumentsException e) {
      throw new AssertionError(e);
    }
  }

  Child child() {
    return child;
  }

  /// Names of all platform threads.
  List<String> threads() {
    return machine.allThreads().stream().map(ThreadReference::name).toList();
  }

  private ThreadReference thread(Pattern name) {
    return machine.allThreads().stream()
        .filter(thread -> name.matcher(thread.name()).matches())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no thread " + name + " in " + threads()));
  }

  /// Has a thread throw when it next begins this method.
  ///
  /// @param thread a pattern of its name
  /// @param thrown a class that every JVM has loaded, with a constructor without arguments
  void fail(String thread, String type, String method, Class<? extends Throwable> thrown) {
    at(thread, type, method, hit -> hit.stop(made(thrown, hit)));
  }

  /// Has a thread throw that waits, holding no lock.
  void failWaiting(String thread, Class<? extends Throwable> thrown) {
    ThreadReference waiting = thread(Pattern.compile(thread));
    at(
        "service-manager",
        ServiceManager.class.getName(),
        "problems",
        hit -> waiting.stop(made(thrown, hit)));
  }

  /// Has a thread leave a method that yields nothing before it has done anything, each time it
  /// begins it, until something is so.
  ///
  /// @param meanwhile is done as soon as it does so
  void skip(String thread, String type, String method, Runnable meanwhile, BooleanSupplier done) {
    Pattern name = Pattern.compile(thread);
    List<BreakpointRequest> requests =
        machine.classesByName(type).getFirst().methodsByName(method).stream()
            .map(this::breakpoint)
            .toList();
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    try {
      meanwhile.run();
      while (!done.getAsBoolean()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("without " + type + "." + method + ": " + child.err());
        }
        EventSet events = machine.eventQueue().remove(POLL_MILLIS);
        if (events != null) {
          for (Event event : events) {
            if (event instanceof BreakpointEvent hit
                && name.matcher(hit.thread().name()).matches()) {
              hit.thread().forceEarlyReturn(machine.mirrorOfVoid());
            }
          }
          events.resume();
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      machine.eventRequestManager().deleteEventRequests(requests);
      machine.resume();
    }
  }

  /// Stops a thread for good, while the others go on.
  void suspend(String thread) {
    thread(Pattern.compile(thread)).suspend();
  }

  /// What is done with a thread that the debugger holds.
  private interface Action {
    void with(ThreadReference held) throws Exception;
  }

  private void at(String thread, String type, String method, Action action) {
    Pattern name = Pattern.compile(thread);
    List<ReferenceType> owners =
        Child.eventually().until(() -> machine.classesByName(type), found -> !found.isEmpty());
    List<BreakpointRequest> requests =
        owners.getFirst().methodsByName(method).stream().map(this::breakpoint).toList();
    try {
      boolean done = false;
      while (!done) {
        EventSet events = machine.eventQueue().remove(PATIENCE_MILLIS);
        if (events == null) {
          throw new AssertionError(type + "." + method + " is not called by " + thread);
        }
        for (Event event : events) {
          if (!done
              && event instanceof BreakpointEvent hit
              && name.matcher(hit.thread().name()).matches()) {
            requests.forEach(EventRequest::disable);
            action.with(hit.thread());
            done = true;
          }
        }
        events.resume();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      machine.eventRequestManager().deleteEventRequests(requests);
      // Another thread may have come to the breakpoint at the same time, and stands there.
      machine.resume();
    }
  }

  private BreakpointRequest breakpoint(Method method) {
    BreakpointRequest request =
        machine.eventRequestManager().createBreakpointRequest(method.location());
    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    request.enable();
    return request;
  }

  private ObjectReference made(Class<?> thrown, ThreadReference thread) throws Exception {
    ClassType type = (ClassType) machine.classesByName(thrown.getName()).getFirst();
    while (true) {
      try {
        ObjectReference one =
            type.newInstance(
                thread,
                type.concreteMethodByName("<init>", "()V"),
                List.of(),
                ObjectReference.INVOKE_SINGLE_THREADED);
        one.disableCollection();
        return one;
      } catch (ObjectCollectedException e) {
        // Nothing in the program refers to it until the thread throws it.
      }
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
