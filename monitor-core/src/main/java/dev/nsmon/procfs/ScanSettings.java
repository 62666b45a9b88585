package dev.nsmon.procfs;

import dev.nsmon.proc.ProcFs;
import java.time.Duration;

/// How a [ProcScanner] looks.
///
/// @param mountPoint where the proc file system is
/// @param threads whether to look for threads that sit elsewhere than their process
/// @param describe whether to read comm, uid and the like of processes in the initial namespaces
///   too
/// @param kernelIds whether to use the kernel's 64-bit ids where it has them
/// @param skipIdle whether a process that has not run since it was read is taken to be where it was
/// @param searchEvery how often to search for what holds a namespace besides processes, and to read
///   the links of all processes whether they have run or not
/// @param searchSlice how long such a search may go on at a time; zero to do each in one go, as the
///   first always is
public record ScanSettings(
    String mountPoint,
    boolean threads,
    Describe describe,
    boolean kernelIds,
    boolean skipIdle,
    Duration searchEvery,
    Duration searchSlice) {

  /// Of which processes to read more than where they are.
  public enum Describe {
    /// Of none: for who looks but once and shows few of them.
    NONE,
    /// Of those that are not in the initial namespaces only, or have moved.
    NEWS,
    ALL
  }

  /// As the commands look by default.
  public static final ScanSettings DEFAULT =
      new ScanSettings(
          ProcFs.MOUNT_POINT,
          false,
          Describe.NEWS,
          true,
          true,
          Duration.ofSeconds(30),
          Duration.ZERO);

  public ScanSettings withMountPoint(String path) {
    return new ScanSettings(path, threads, describe, kernelIds, skipIdle, searchEvery, searchSlice);
  }

  public ScanSettings withThreads(boolean yes) {
    return new ScanSettings(
        mountPoint, yes, describe, kernelIds, skipIdle, searchEvery, searchSlice);
  }

  public ScanSettings withDescribe(Describe which) {
    return new ScanSettings(
        mountPoint, threads, which, kernelIds, skipIdle, searchEvery, searchSlice);
  }

  public ScanSettings withKernelIds(boolean yes) {
    return new ScanSettings(mountPoint, threads, describe, yes, skipIdle, searchEvery, searchSlice);
  }

  public ScanSettings withSkipIdle(boolean yes) {
    return new ScanSettings(
        mountPoint, threads, describe, kernelIds, yes, searchEvery, searchSlice);
  }

  public ScanSettings withSearchEvery(Duration interval) {
    return new ScanSettings(
        mountPoint, threads, describe, kernelIds, skipIdle, interval, searchSlice);
  }

  public ScanSettings withSearchSlice(Duration time) {
    return new ScanSettings(mountPoint, threads, describe, kernelIds, skipIdle, searchEvery, time);
  }
}
