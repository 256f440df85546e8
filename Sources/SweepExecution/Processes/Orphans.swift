import Foundation
import Synchronization
import TrialProtocol

/// What trainers have started and left behind, also with an empty environment in a session of its own.
///
/// The kernel hands a process whose parent has ended to the nearest ancestor that asks for such processes. This
/// planner asks: so everything that its trainers ever started stays among its descendants, and what is its child
/// without having been started by it is an orphan of a trial. An orphan that does not say of which one belongs to one
/// of those that ran when it was started; it is killed when the last of them has ended, so that nobody loses a
/// process that is in use.
enum Orphans {
    private struct State {
        var isAdopting = false
        /// Children that this process had before: by some they came with `exec`.
        var earlier: [Int32: UInt64] = [:]
        /// Those that this process has started itself and will ask for their status.
        var own: Set<Int32> = []
        /// When trials began that run, by the leaders of their sessions.
        var trials: [Int32: UInt64] = [:]
        /// When starts began that are under way: whose child is not known yet.
        var starts: [Int: UInt64] = [:]
        var lastStart = 0
    }

    private static let state = Mutex(State())

    /// Has this process be handed the orphans among its descendants, where the system can do that.
    static func adopt() {
        // `prctl` takes a variable number of arguments, which Swift does not import.
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

    // MARK: What this process starts itself

    /// A process is about to be started.
    static func startBegins() -> Int {
        state.withLock { state in
            state.lastStart += 1
            state.starts[state.lastStart] = now()
            return state.lastStart
        }
    }

    /// It has been started.
    static func started(_ process: Int32, _ start: Int, isTrial: Bool) {
        state.withLock { state in
            state.own.insert(process)
            let began = state.starts[start]
            if isTrial { state.trials[process] = began ?? 0 }
        }
    }

    /// The start is over, whether or not there was a process; if there was one, it is known.
    static func startEnded(_ start: Int) {
        state.withLock { state in _ = state.starts.removeValue(forKey: start) }
    }

    /// It has ended, and its status has been asked for.
    static func ended(_ process: Int32) {
        state.withLock { state in
            state.own.remove(process)
            state.trials[process] = nil
        }
    }

    // MARK: What trainers have left

    /// Kills the orphans of a trial that has ended, and of others that have, until none lives any more.
    ///
    /// - Parameters:
    ///   - directory: the trial's; nil where no trial runs any more.
    ///   - leader: of the session in which its trainer ran.
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

    /// Asks for the status of orphans that have ended: until somebody does they stay in the process table.
    static func reap() {
        guard state.withLock(\.isAdopting) else { return }
        for child in ProcessTable.adoptedChildren() where isOrphan(child) == true && !ProcessTable.isAlive(child) {
            waitpid(child, nil, WNOHANG)
        }
    }

    /// - Returns: the live orphans that are to be killed, and whether there are others of which that is not known yet.
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

    private static func belongs(
        _ process: Int32, _ status: ProcessSnapshot.Process, toTrialIn directory: String?, ledBy leader: Int32?
    ) -> Bool {
        if status.session == leader { return true }
        let folders = ProcessTable.trialDirectories(of: process)
        if let directory, folders.contains(directory) { return true }
        return state.withLock { state in
            if state.trials[status.session] != nil { return false }
            if directory != nil, !folders.isEmpty, !state.trials.isEmpty { return false }
            // The first process of a container is handed those of others, too.
            if getpid() == 1 { return false }
            return !state.trials.values.contains { $0 <= status.start }
        }
    }

    /// Whether a child of this process is an orphan of a trial; nil if it may be one that is just being started.
    private static func isOrphan(_ child: Int32) -> Bool? {
        let start = ProcessTable.startTime(of: child)
        return state.withLock { state in
            if state.own.contains(child) { return false }
            guard let start else { return false }
            if state.earlier[child] == start { return false }
            return state.starts.values.contains { $0 <= start } ? nil : true
        }
    }

    /// As the kernel counts it, in `/proc/PID/stat`.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        let ticks = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return UInt64(max(0, time.tv_sec)) * ticks + UInt64(max(0, time.tv_nsec)) * ticks / 1_000_000_000
    }

    /// Also in a task that has been cancelled.
    private static func pause() async {
        await Task { try? await Task.sleep(for: .milliseconds(1)) }.value
    }
}
