import Foundation
import SystemPackage

/// Reads what a trainer prints, up to its end, without blocking a thread.
///
/// `Subprocess` can read pipes as well, but its release 1.0.2 keeps a record of every process it has read from. In a
/// sweep of 50,000 trials these records took as much memory as the trials themselves.
///
///     let output = TrainerOutput(pipe.readEnd, of: leader, processDescriptor)
///     await output.read { bytes in splitter.take(bytes, line: take) } then: { await report(reports) }
///     output.isOver      // true
struct TrainerOutput: Sendable {
    /// The end to read from.
    private let pipe: CInt
    /// The descriptor of the process, which becomes readable when it has ended; negative where Linux has none (< 5.3).
    private let process: CInt
    /// The process whose output this is.
    private let leader: Int32

    /// - Parameters:
    ///   - pipe: must stay open while this is read.
    ///   - process: the descriptor of the process `leader`; must stay open while this is read.
    init(_ pipe: FileDescriptor, of leader: Int32, _ process: CInt) {
        self.pipe = pipe.rawValue
        self.process = process
        self.leader = leader
        _ = fcntl(pipe.rawValue, F_SETFL, O_NONBLOCK)
    }

    /// Passes on what is printed, piece by piece, until the process has ended and everything it printed is read.
    ///
    /// The end of the pipe is not the end of the trainer, which may close its output and go on. Nor is the pipe read
    /// to its end: a process that the trainer left behind may hold it open for ever, or fill it again and again. What
    /// is in it when the process has ended is the last that is read.
    ///
    /// - Parameters:
    ///   - take: called with each piece as it is read.
    ///   - then: called after each piece; reading waits for it, and so the trainer does too when the pipe is full.
    func read(_ take: (UnsafeRawBufferPointer) -> Void, then: () async -> Void) async {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var isAtEnd = false
        /// How much is still to be read; nil while the process runs.
        var left: Int?
        while true {
            // Checked before the pipe is read: whatever was printed before the process ended is then in the pipe.
            if left == nil, isOver { left = unread }
            let most = min(left ?? buffer.count, buffer.count)
            let count = isAtEnd || most == 0 ? 0 : Foundation.read(pipe, &buffer, most)
            if count > 0 {
                buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                left = left.map { $0 - count }
                await then()
                continue
            }
            if count < 0, errno == EINTR { continue }
            if left != nil { return }
            isAtEnd = count == 0 || errno != EAGAIN
            if process < 0 {
                try? await Task.sleep(for: .milliseconds(20))
            } else {
                await Readiness.shared.wait(forAnyOf: isAtEnd ? [process] : [pipe, process])
            }
        }
    }

    /// How many bytes are in the pipe; as many as one usually holds where the system does not say it.
    private var unread: Int {
        var count: CInt = 0
        return ioctl(pipe, UInt(FIONREAD), &count) == 0 ? Int(count) : 1 << 16
    }

    /// Whether the process has ended.
    var isOver: Bool {
        // Without a descriptor, the process table tells.
        if process < 0 { return !ProcessTable.isAlive(leader) }
        var state = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) > 0
    }
}
