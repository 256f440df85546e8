// Dispatch sources may be used from any thread, but Dispatch on Linux is not annotated as `Sendable` yet.
@preconcurrency import Dispatch
import Foundation
import Synchronization

/// What a person types while a view is drawn: nothing of it is echoed, since a line break in the middle of a block
/// would move it, and Ctrl-Z leaves a clean terminal before it suspends the program.
///
///     TerminalInput.begin(suspending: { removeTheBlock() })
///     defer { TerminalInput.end() }
enum TerminalInput {
    private struct State {
        /// The terminal's settings as they were found.
        ///
        /// Beside this C structure, optimized code of Swift 6.3 makes the whole initial state of zeros. So nothing here
        /// may begin as anything else: no Optional but of a reference, and no `true`.
        var settings = termios()
        /// Whether the settings have been changed.
        var isSilent = false
        var suspending: (@Sendable () -> Void)?
        /// Whether it was tried to catch Ctrl-Z, and whether that can be done.
        var hasTried = false
        var catchesSignal = false
    }

    private static let state = Mutex(State())
    private static let isSuspended = Atomic(false)

    /// Whether what this program draws is what its user looks at. A program that was sent into the background shares
    /// the terminal with another.
    static var isInForeground: Bool { !isSuspended.load(ordering: .relaxed) && ownsTerminal }

    private static var ownsTerminal: Bool {
        let group = tcgetpgrp(STDOUT_FILENO)
        // There is none if it is not the terminal that this program is controlled by.
        return group < 0 || group == getpgrp()
    }

    /// - Parameter suspending: called before the program is suspended.
    static func begin(suspending: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.suspending = suspending
            silence(&state)
            if !state.hasTried { (state.catchesSignal, state.hasTried) = (readSignals(), true) }
            if state.catchesSignal { catchSignal() }
        }
    }

    /// Restores what `begin` changed.
    static func end() {
        state.withLock { state in
            if state.catchesSignal { signal(SIGTSTP, SIG_DFL) }
            state.suspending = nil
            restore(&state)
        }
    }

    // MARK: Echo

    private static func silence(_ state: inout State) {
        var settings = termios()
        // From the background, changing the settings would stop the program.
        guard ownsTerminal, tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        if !state.isSilent { (state.settings, state.isSilent) = (settings, true) }
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    private static func restore(_ state: inout State) {
        guard state.isSilent, ownsTerminal else { return }
        tcsetattr(STDIN_FILENO, TCSANOW, &state.settings)
        state.isSilent = false
    }

    // MARK: Suspending

    /// From now on, ``suspend()`` is called for each byte that the signal handler writes.
    ///
    /// - Returns: false if the program was started with the signal ignored.
    private static func readSignals() -> Bool {
        var inherited = sigaction()
        sigaction(SIGTSTP, nil, &inherited)
        let isDefault =
            unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_DFL, to: Int.self)
        guard isDefault, let pipe = try? SignalPipe() else { return false }
        let readEnd = pipe.readEnd
        suspensionPipe = pipe.writeEnd
        let source = DispatchSource.makeReadSource(fileDescriptor: readEnd, queue: .global())
        source.setEventHandler {
            // It is never cancelled, and keeps itself.
            _ = source
            var byte: UInt8 = 0
            while read(readEnd, &byte, 1) == 1 {}
            suspend()
        }
        source.resume()
        return true
    }

    private static func catchSignal() { signal(SIGTSTP, noteSuspension) }

    /// Does what Ctrl-Z does by itself, on a terminal that is as it was found. It returns when the program goes on.
    private static func suspend() {
        guard let leave = state.withLock({ $0.suspending }) else { return }
        isSuspended.store(true, ordering: .relaxed)
        leave()
        state.withLock { restore(&$0) }
        signal(SIGTSTP, SIG_DFL)
        // The threads of Dispatch block signals, and this one is to be suspended here and not later.
        var (signals, former) = (sigset_t(), sigset_t())
        sigemptyset(&signals)
        sigaddset(&signals, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &signals, &former)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &former, nil)
        isSuspended.store(false, ordering: .relaxed)
        state.withLock { state in
            guard state.suspending != nil else { return }
            catchSignal()
            silence(&state)
        }
    }
}

/// The end of the pipe that `noteSuspension` writes to. It is set once, before that can be called.
nonisolated(unsafe) private var suspensionPipe: Int32 = -1

/// The signal handler, which may only write a byte.
private func noteSuspension(_ number: Int32) {
    let code = errno
    var byte: UInt8 = 1
    _ = write(suspensionPipe, &byte, 1)
    errno = code
}
