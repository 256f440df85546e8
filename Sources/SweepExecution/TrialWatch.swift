import Foundation
import Synchronization
import SystemPackage
import TrialProtocol

/// What is noted of one attempt while it runs, by all who watch it.
final class TrialWatch: Sendable {
    private struct State {
        var lastOutput = ContinuousClock.now
        var end: TrialExit?
        var mark: Int32?
    }

    private let state = Mutex(State())

    func notedOutput() { state.withLock { $0.lastOutput = .now } }
    func noted(mark: Int32) { state.withLock { $0.mark = mark } }

    /// The planner ends the attempt for this reason; the first one counts.
    func ends(because end: TrialExit) { state.withLock { $0.end = $0.end ?? end } }

    /// How the attempt ended, where that is not for the process to say.
    var end: TrialExit? { state.withLock { $0.end } }
    /// The trainer's status as it came through the launcher.
    var mark: Int32? { state.withLock { $0.mark } }

    /// Returns when there was no output for so long: not a byte on standard output, nor in the file that standard error
    /// goes to, be it cut off or replaced meanwhile.
    func waitForStall(_ limit: Duration, errors: FileDescriptor, at path: String) async throws {
        func trace() -> [[Int]] { [TrialFiles.trace(of: errors), TrialFiles.trace(of: path)] }
        // A trainer that was slow to start has not been silent.
        notedOutput()
        var last = trace()
        while true {
            let now = trace()
            if now != last { notedOutput() }
            last = now
            let silent = ContinuousClock.now - state.withLock { $0.lastOutput }
            if silent >= limit { return }
            try await Task.sleep(for: min(limit - silent, max(limit / 20, .milliseconds(20)), .seconds(1)))
        }
    }

    /// Kills the trial's processes when there are too many of them or they use too much memory together.
    ///
    /// - Returns: which of the two, with the most that was seen.
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
                // What processes share must not count twice; it is only looked up where it matters.
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
            // There is no time for a last word: the next allocation may take the machine down.
            ends(because: excess)
            await ProcessTable.killTrial(in: launch.directory, ledBy: leader, seen: members)
            return excess
        }
    }
}
