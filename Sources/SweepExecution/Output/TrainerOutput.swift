import Foundation
import SystemPackage

/// What a trainer prints, to its last word, read without holding up a thread.
///
/// `Subprocess` reads pipes too, but its release 1.0.2 keeps a record of every process that it has read from: in a
/// sweep of 50,000 trials these took as much memory as the trials themselves.
struct TrainerOutput: Sendable {
    /// The end to read from, and the descriptor of the process, which becomes readable when that has ended.
    private let pipe: CInt
    private let process: CInt
    private let leader: Int32

    /// - Parameters:
    ///   - pipe: open as long as this is read.
    ///   - process: the descriptor of the process `leader`; open as long as this is read.
    init(_ pipe: FileDescriptor, of leader: Int32, _ process: CInt) {
        self.pipe = pipe.rawValue
        self.process = process
        self.leader = leader
        _ = fcntl(pipe.rawValue, F_SETFL, O_NONBLOCK)
    }

    /// Hands over what is printed, piece by piece, until the process has ended and all is read.
    ///
    /// A trainer may close its output and work on: it is over when it is gone, not when it is silent. And it may leave
    /// its output to others that live on: what is not there when it has ended is not waited for.
    func read(_ take: (UnsafeRawBufferPointer) -> Void, then: () async -> Void) async {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var isAtEnd = false
        while true {
            // Before the look at the pipe: what was printed before the end must be in there.
            let hasEnded = isOver
            while !isAtEnd {
                let count = Foundation.read(pipe, &buffer, buffer.count)
                if count > 0 {
                    buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                    await then()
                } else if count == 0 || errno != EINTR {
                    isAtEnd = count == 0 || errno != EAGAIN
                    break
                }
            }
            if hasEnded { return }
            if process < 0 {
                try? await Task.sleep(for: .milliseconds(20))
            } else {
                await Readiness.shared.wait(forAnyOf: isAtEnd ? [process] : [pipe, process])
            }
        }
    }

    /// Whether the process has ended.
    var isOver: Bool {
        // A kernel without descriptors of processes has other ways to tell.
        if process < 0 { return !ProcessTable.isAlive(leader) }
        var state = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) > 0
    }
}
