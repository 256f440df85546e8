import Dispatch

/// The file descriptors that the language's runtime opens for itself when it first needs them.
public enum RuntimeDescriptors {
    /// Opens them now: a process that has no room for them later is stopped by the runtime (SIGILL).
    ///
    /// Dispatch opens a timer for each clock when something first waits on it, and keeps it.
    public static func open() async {
        try? await Task.sleep(for: .milliseconds(1), clock: .continuous)
        try? await Task.sleep(for: .milliseconds(1), clock: .suspending)
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(wallDeadline: .now() + .milliseconds(1)) { continuation.resume() }
        }
        _ = Readiness.shared
    }
}
