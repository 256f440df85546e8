import Foundation
import Synchronization
import SystemPackage
import TrialProtocol

/// What is known about one running attempt, shared by the tasks that read its output and keep its limits.
final class TrialWatch: Sendable {
    private struct State {
        /// How often output has been noted.
        var outputs = 0
        var end: TrialExit?
        /// The trainer's own exit status, from the end mark.
        var mark: Int32?
    }

    private let state = Mutex(State())

    /// The trainer has printed something: the time of silence begins anew.
    func notedOutput() { state.withLock { $0.outputs += 1 } }
    /// The trainer behind a launcher has ended with this status.
    func noted(mark: Int32) { state.withLock { $0.mark = mark } }

    /// Notes why the planner ends the attempt. The first reason stays: later ones may be results of it.
    func ends(because end: TrialExit) { state.withLock { $0.end = $0.end ?? end } }

    /// How the attempt ended, if the planner ended it; nil if the process's own status tells.
    var end: TrialExit? { state.withLock { $0.end } }
    /// The trainer's exit status as it came through its launcher; nil until then.
    var mark: Int32? { state.withLock { $0.mark } }

    /// Returns when there has been no output for the time `limit`: no byte on standard output, and no change of the
    /// file that standard error goes to. The trainer may truncate or replace that file, which counts as output as well.
    ///
    /// Only time in which this process looks every now and then counts. When the machine has slept, or the planner was
    /// stopped by Ctrl-Z, output may be there that has not been read yet. It looks twenty times in `limit`, but at most
    /// every 20 milliseconds and at least once a second.
    ///
    /// - Throws: `CancellationError` when the trainer has ended before.
    func waitForStall(_ limit: Duration, errors: FileDescriptor, at path: String) async throws {
        func trace() -> [[Int]] {
            [TrialFiles.trace(of: errors), TrialFiles.trace(of: path), [state.withLock(\.outputs)]]
        }
        let step = min(max(limit / 20, .milliseconds(20)), .seconds(1))
        var last = trace()
        var silence = Duration.zero
        while silence < limit {
            let begin = SuspendingClock.now
            try await Task.sleep(for: min(limit - silence, step), clock: .suspending)
            let now = trace()
            silence = now == last ? silence + min(SuspendingClock.now - begin, step * 2) : .zero
            last = now
        }
    }

    /// Kills the trial's processes when there are too many of them, or when together they use too much memory.
    ///
    /// It looks ten times a second. What grows beyond its limit and shrinks again in between is not seen.
    ///
    /// - Returns: which of the two it was, with the largest value seen.
    /// - Throws: `CancellationError` when the trainer has ended within its limits.
    func waitForExcess(of launch: TrialLaunch, leader: Int32) async throws -> TrialExit {
        var peak = 0
        while true {
            try await Task.sleep(for: .milliseconds(100))
            let snapshot = ProcessSnapshot.recent(within: .milliseconds(50))
            let members = snapshot.trial(led: leader, in: launch.directory)
            let excess: TrialExit
            if let limit = launch.processes, members.count > limit {
                excess = .tooManyProcesses(peak: members.count)
            } else if let limit = launch.memory {
                var bytes = snapshot.residentBytes(of: members)
                // Memory that processes share must not count twice. To divide it is slow, so it is done only when the
                // sum that counts it in full exceeds the limit.
                if bytes > limit, members.count > 1 {
                    let proportional = ProcessTable.proportionalBytes(of: members)
                    if proportional > 0 { bytes = proportional }
                }
                peak = max(peak, bytes)
                if bytes <= limit { continue }
                excess = .outOfMemory(peak: peak)
            } else {
                continue
            }
            // The trainer gets no time to save its work: its next allocation may take the machine down.
            ends(because: excess)
            await ProcessTable.killTrial(in: launch.directory, ledBy: leader, seen: members)
            return excess
        }
    }
}
