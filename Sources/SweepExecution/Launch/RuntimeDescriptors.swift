import Dispatch

/// The file descriptors that Swift's runtime opens for itself when it first needs them.
public enum RuntimeDescriptors {
    /// Opens them all now, at the start of the program. If there were no descriptors left for them later, the runtime
    /// would abort the process with SIGILL.
    ///
    /// Dispatch opens a timer for each of its three clocks when something first waits on that clock, and keeps it open.
    public static func open() async {
        try? await Task.sleep(for: .milliseconds(1), clock: .continuous)
        try? await Task.sleep(for: .milliseconds(1), clock: .suspending)
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(wallDeadline: .now() + .milliseconds(1)) { continuation.resume() }
        }
        _ = Readiness.shared
    }
}
