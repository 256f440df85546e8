import Foundation

/// A pipe by which a signal handler tells the rest of the program that a signal has come: a handler may do hardly more
/// than write a byte, and whoever waits for the other end is woken.
///
/// A handler must not wait, so neither end does. Programs that are started do not inherit it. It is never closed, as a
/// handler may run at any time.
///
///     let pipe = try SignalPipe()
///     signalPipe = pipe.writeEnd      // a global, since a handler has no other way to it
struct SignalPipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    /// - Throws: `UserError` if this process may not open more files.
    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw UserError(message: "no pipe: \(String(cString: strerror(errno)))") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}
