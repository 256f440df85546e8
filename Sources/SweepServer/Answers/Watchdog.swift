import Synchronization

/// Cuts a connection whose client does not read.
///
/// The library writes to a client as fast as it reads, and waits for it. Without an end to the waiting, a client that
/// reads nothing would hold its connection for ever.
///
///     let watchdog = Watchdog(patience: .seconds(30), cut: close)
///     async let _ = watchdog.watch()
///     watchdog.begin()
///     try await writer.write(piece)
///     watchdog.end()
final class Watchdog: Sendable {
    private let patience: Duration
    private let cut: @Sendable () -> Void
    private let began = Mutex<ContinuousClock.Instant?>(nil)

    init(patience: Duration, cut: @escaping @Sendable () -> Void) {
        self.patience = patience
        self.cut = cut
    }

    /// Marks the beginning of a wait.
    func begin() { began.withLock { $0 = .now } }

    /// Marks its end.
    func end() { began.withLock { $0 = nil } }

    /// Returns when a wait has become too long and the connection is cut, or the task is cancelled.
    func watch() async {
        while !Task.isCancelled {
            if let began = began.withLock(\.self), ContinuousClock.now - began > patience { return cut() }
            guard (try? await Task.sleep(for: patience / 4)) != nil else { return }
        }
    }
}
