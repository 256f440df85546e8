import Foundation
import Synchronization

/// The terminal while a program has all of it: keys arrive one by one and unseen, and whatever ends the program, the
/// terminal is as before.
///
///     let terminal = try FullScreenTerminal(begin: ScreenPainter.begin, end: ScreenPainter.end)
///     defer { terminal.leave() }
///     while let news = terminal.wait(milliseconds: 1000) { … }
final class FullScreenTerminal {
    /// What has happened while the program waited.
    struct News {
        /// What keys have sent.
        var input: [UInt8] = []
        /// The terminal cannot be read any more.
        var isClosed = false
        var isResized = false
        /// The process was stopped and goes on.
        var isContinued = false
        /// The process is to stop, as another program has asked.
        var isStopped = false
    }

    private let begin: String
    /// What signals and ``wake()`` write to.
    private let pipe: SignalPipe

    /// - Parameters:
    ///   - begin: what is written to take the screen.
    ///   - end: what is written to give it back, also by a signal handler.
    /// - Throws: `UserError` if standard input is no terminal that can be set.
    init(begin: String, end: String) throws {
        self.begin = begin
        pipe = try SignalPipe()
        guard tcgetattr(STDIN_FILENO, &formerModes) == 0 else {
            throw UserError(message: "the terminal cannot be set: \(String(cString: strerror(errno)))")
        }
        // A handler must not wait for Swift to initialize what it uses.
        let bytes = Array(end.utf8)
        let text = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        text.initialize(from: bytes, count: bytes.count)
        (endText, endLength, newsPipe) = (text, bytes.count, pipe.writeEnd)
        isFullScreen.store(false, ordering: .relaxed)
        for number in [SIGWINCH, SIGCONT, SIGTSTP] { signal(number, noteSignal) }
        for number in Self.deadly where !Signals.isIgnored(number) { signal(number, restoreAndDie) }
        enter()
    }

    /// Signals that end a process, among them those of a fault of its own.
    private static let deadly = [
        SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU,
    ]

    /// Takes the terminal, at the start and when the process goes on after it was stopped.
    func enter() {
        var modes = formerModes
        modes.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
        modes.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
        // From now on the handler has something to restore.
        isFullScreen.store(true, ordering: .relaxed)
        // In the background this stops the process until its user brings it back.
        tcsetattr(STDIN_FILENO, TCSANOW, &modes)
        write(begin)
    }

    /// Gives the terminal back as it was.
    func leave() { restoreTerminal() }

    /// Stops this process until its user wants it back, as Ctrl-Z does with other programs.
    ///
    /// It returns when the process goes on; `enter()` then takes the terminal again. Without a shell that could let it
    /// go on, the system does not stop it at all.
    func suspend() {
        restoreTerminal()
        // The whole job stops, as the terminal would have it, and this process last and for certain: a signal to a
        // group may be delivered later, and to another thread.
        signal(SIGTSTP, SIG_IGN)
        kill(0, SIGTSTP)
        signal(SIGTSTP, SIG_DFL)
        raise(SIGTSTP)
        signal(SIGTSTP, noteSignal)
    }

    /// Writes text as it is.
    ///
    /// - Returns: false if nobody can see it any more.
    @discardableResult
    func write(_ text: String) -> Bool {
        if text.isEmpty { return true }
        return (try? Console.write(text)) ?? false
    }

    /// Makes ``wait(milliseconds:)`` return, from any thread.
    func wake() { Self.wake(pipe.writeEnd) }

    /// As ``wake()``, for closures that cannot hold this object.
    var waker: @Sendable () -> Void {
        let end = pipe.writeEnd
        return { Self.wake(end) }
    }

    private static func wake(_ end: Int32) {
        var mark = UInt8(ascii: "d")
        _ = Glibc.write(end, &mark, 1)
    }

    /// Waits until something happens or the time is over.
    func wait(milliseconds: Int) -> News {
        var news = News()
        var sources = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        // An interrupted wait is as good as one that is over: the handler has written to the pipe.
        guard poll(&sources, 2, Int32(clamping: milliseconds)) > 0 else { return news }
        if sources[1].revents != 0 {
            var marks = [UInt8](repeating: 0, count: 256)
            let count = read(pipe.readEnd, &marks, marks.count)
            for mark in marks.prefix(max(0, count)) {
                switch mark {
                case UInt8(ascii: "w"): news.isResized = true
                case UInt8(ascii: "c"): news.isContinued = true
                case UInt8(ascii: "t"): news.isStopped = true
                default: break  // ``wake()`` was called, and that is all.
                }
            }
        }
        if sources[0].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(STDIN_FILENO, &bytes, bytes.count)
            news.input = Array(bytes.prefix(max(0, count)))
            news.isClosed = count == 0 || count < 0 && errno != EINTR && errno != EAGAIN
        }
        return news
    }
}

// What signal handlers use. It is set before they are installed, and only read afterwards.
nonisolated(unsafe) private var formerModes = termios()
nonisolated(unsafe) private var endText: UnsafeMutablePointer<UInt8>?
nonisolated(unsafe) private var endLength = 0
nonisolated(unsafe) private var newsPipe: Int32 = -1
private let isFullScreen = Atomic(false)

/// Gives the terminal back, if it is taken. It may run at any moment in a signal handler.
private func restoreTerminal() {
    guard isFullScreen.exchange(false, ordering: .relaxed) else { return }
    // A terminal that takes no more text, as after Ctrl-S, must not keep the process from ending.
    var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    if poll(&output, 1, 200) > 0, output.revents & Int16(POLLOUT) != 0, let endText {
        _ = write(STDOUT_FILENO, endText, endLength)
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &formerModes)
}

/// The handler of signals that do not end the process.
private func noteSignal(_ number: Int32) {
    let code = errno
    var mark =
        switch number {
        case SIGWINCH: UInt8(ascii: "w")
        case SIGCONT: UInt8(ascii: "c")
        default: UInt8(ascii: "t")
        }
    _ = write(newsPipe, &mark, 1)
    errno = code
}

/// The handler of signals that end the process, which they then do as they would have done without it.
private func restoreAndDie(_ number: Int32) {
    restoreTerminal()
    signal(number, SIG_DFL)
    raise(number)
}
