import Foundation
import Synchronization
import TrialProtocol

/// Finds and kills processes that trainers have started and left behind, even those with an empty environment in a
/// session of their own.
///
/// When a process ends, the kernel gives its children to the nearest ancestor that has asked for them
/// (`PR_SET_CHILD_SUBREAPER`). The planner asks, so everything that its trainers start stays among its descendants. A
/// child that the planner has not started itself is then an orphan of some trial. Its session or its environment
/// usually says of which one. If not, it belongs to one of the trials that ran when it was started, and is killed only
/// when the last of these has ended, so that no trial loses a process it still uses.
///
/// The calls at one start, in their order; `start` ties them together until the kernel has given the child a number:
///
///     let start = Orphans.startBegins()
///     let process = …                                     // the child exists, and its number is not known yet
///     Orphans.started(process, start, isTrial: true)
///     Orphans.startEnded(start)
///     …                                                   // the trainer runs
///     Orphans.ended(process)                              // its status has been collected
///     await Orphans.kill(ofTrialIn: folder, ledBy: process)
enum Orphans {
    /// What is known of the children of this process. All of it changes together, under one lock.
    private struct State {
        /// Whether the kernel has agreed to make this process the parent of orphans.
        var isAdopting = false
        /// Children that this process already had when it began, with their start times. A shell that becomes the
        /// planner with `exec` leaves it its own children.
        var earlier: [Int32: UInt64] = [:]
        /// The children that this process has started itself, and whose status it will collect.
        var own: Set<Int32> = []
        /// When each running trial was started, by the leader of its session, in the kernel's ticks.
        var trials: [Int32: UInt64] = [:]
        /// When each start that is under way began, in the kernel's ticks. Its child exists, but is not known yet.
        var starts: [Int: UInt64] = [:]
        /// The number of the newest start.
        var lastStart = 0
    }

    private static let state = Mutex(State())

    /// Asks the kernel to make this process the parent of orphans among its descendants. Does nothing where the system
    /// cannot do that.
    static func adopt() {
        // `prctl` is variadic, and Swift does not import variadic C functions.
        guard let symbol = dlsym(nil, "prctl") else { return }
        let prctl = unsafeBitCast(
            symbol, to: (@convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt).self
        )
        let setChildSubreaper: CInt = 36
        guard prctl(setChildSubreaper, 1, 0, 0, 0) == 0 else { return }
        let earlier = ProcessTable.children(of: getpid())
        state.withLock { state in
            guard !state.isAdopting else { return }
            state.isAdopting = true
            for child in earlier { state.earlier[child] = ProcessTable.status(of: child)?.start ?? 0 }
        }
    }

    /// The children that this process had before it started any.
    static var earlierChildren: [Int32] { state.withLock { Array($0.earlier.keys) } }

    /// The children that this process has started and whose status it has not collected yet.
    static var ownChildren: Set<Int32> { state.withLock(\.own) }

    // MARK: What this process starts itself

    /// Notes that a process is about to be started, so that it is not taken for an orphan in the meantime.
    ///
    /// - Returns: a number that identifies the start.
    static func startBegins() -> Int {
        state.withLock { state in
            state.lastStart += 1
            state.starts[state.lastStart] = now()
            return state.lastStart
        }
    }

    /// Notes the process that a start has led to.
    ///
    /// - Parameters:
    ///   - start: what `startBegins` returned.
    ///   - isTrial: whether orphans may belong to it; false for a guardian, which starts nothing.
    static func started(_ process: Int32, _ start: Int, isTrial: Bool) {
        state.withLock { state in
            state.own.insert(process)
            let began = state.starts[start]
            if isTrial { state.trials[process] = began ?? 0 }
        }
    }

    /// Notes that a start is over. If it led to a process, `started` has been called before.
    static func startEnded(_ start: Int) {
        state.withLock { state in _ = state.starts.removeValue(forKey: start) }
    }

    /// Notes that a process has ended and its status has been collected, so that its number may be used again.
    static func ended(_ process: Int32) {
        state.withLock { state in
            state.own.remove(process)
            state.trials[process] = nil
        }
    }

    // MARK: What trainers have left

    /// Kills the orphans of a trial that has ended, and those of other ended trials, until none is left or five seconds
    /// have passed.
    ///
    /// - Parameters:
    ///   - directory: the trial's folder; nil if no trial runs any more.
    ///   - leader: the leader of the session in which its trainer ran.
    static func kill(ofTrialIn directory: String?, ledBy leader: Int32? = nil) async {
        let end = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < end {
            let (orphans, areOpen) = find(directory, leader)
            if orphans.isEmpty, !areOpen { return }
            for orphan in orphans {
                for process in [orphan] + ProcessTable.descendants(of: orphan) { Foundation.kill(process, SIGKILL) }
            }
            await pause()
        }
    }

    /// Collects the status of orphans that have ended; until their parent does so they stay in the process table.
    static func reap() {
        guard state.withLock(\.isAdopting) else { return }
        for child in ProcessTable.adoptedChildren() where isOrphan(child) == true && !ProcessTable.isAlive(child) {
            waitpid(child, nil, WNOHANG)
        }
    }

    /// - Returns: the living orphans to be killed, and whether there are children of which it is not known yet whether
    ///   they are orphans.
    private static func find(_ directory: String?, _ leader: Int32?) -> (orphans: [Int32], areOpen: Bool) {
        guard state.withLock(\.isAdopting) else { return ([], false) }
        var orphans: [Int32] = []
        var areOpen = false
        for child in ProcessTable.adoptedChildren() {
            guard let isOrphan = isOrphan(child) else {
                areOpen = true
                continue
            }
            guard isOrphan else { continue }
            guard let status = ProcessTable.status(of: child) else {
                waitpid(child, nil, WNOHANG)
                continue
            }
            if belongs(child, status, toTrialIn: directory, ledBy: leader) { orphans.append(child) }
        }
        return (orphans, areOpen)
    }

    /// Whether an orphan is one of the trial's, or of a trial that has ended.
    ///
    /// Its session or the folder in its environment decide where they can. Otherwise it belongs to one of the trials
    /// that ran when it was started, and is left alone while any of them still runs.
    private static func belongs(
        _ process: Int32, _ status: ProcessSnapshot.Process, toTrialIn directory: String?, ledBy leader: Int32?
    ) -> Bool {
        if status.session == leader { return true }
        let folders = ProcessTable.trialDirectories(of: process)
        if let directory, folders.contains(directory) { return true }
        return state.withLock { state in
            if state.trials[status.session] != nil { return false }
            if directory != nil, !folders.isEmpty, !state.trials.isEmpty { return false }
            // Process 1 of a container also gets the orphans of processes outside the sweep, and a planner that a shell
            // became with `exec` those of the shell's other children.
            if getpid() == 1 || !state.earlier.isEmpty { return false }
            return !state.trials.values.contains { $0 <= status.start }
        }
    }

    /// Whether a child of this process is an orphan of a trial; nil if it may be one that is being started just now.
    private static func isOrphan(_ child: Int32) -> Bool? {
        // Most children are this process's own, and when they started does not matter.
        if state.withLock({ $0.own.contains(child) }) { return false }
        let start = ProcessTable.startTime(of: child)
        return state.withLock { state in
            if state.own.contains(child) { return false }
            guard let start else { return false }
            if state.earlier[child] == start { return false }
            return state.starts.values.contains { $0 <= start } ? nil : true
        }
    }

    /// The time since the machine booted, in the kernel's ticks: the unit of start times in `/proc/PID/stat`.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        let ticks = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return UInt64(max(0, time.tv_sec)) * ticks + UInt64(max(0, time.tv_nsec)) * ticks / 1_000_000_000
    }

    /// Sleeps for a millisecond, even in a cancelled task, where `Task.sleep` alone would return at once.
    private static func pause() async {
        await Task { try? await Task.sleep(for: .milliseconds(1)) }.value
    }
}
