// Queues may be used from any thread; Dispatch on Linux does not say so yet.
@preconcurrency import Dispatch
import Foundation
import TrialProtocol

/// Reads what the kernel tells about the processes of this machine through `/proc`, and kills groups of them.
///
///     let left = ProcessTable.processes(inTrialsBelow: "/sweeps/digits/trials")      // [4711, 4712]
///     await ProcessTable.endAll(inTrialsBelow: "/sweeps/digits/trials", areLaunchers: false)
///     ProcessTable.isAlive(4711)                                                     // false
///
/// What another process is may change at any moment, so each answer is true of the past. Where a wrong answer would
/// harm, a process is identified by its number together with its start time.
public enum ProcessTable {
    /// The living processes that were started for a trial whose folder is below `directory`, an absolute path without a
    /// slash at its end.
    public static func processes(inTrialsBelow directory: String) -> [Int32] {
        identifiers().filter { process in
            trialDirectories(of: process).contains { $0.hasPrefix("\(directory)/") } && isAlive(process)
        }
    }

    /// Sends SIGTERM to the processes, and waits until they have ended or `timeout` has passed. Blocks its thread.
    static func terminate(_ processes: some Collection<Int32>, within timeout: Duration) {
        for process in processes { kill(process, SIGTERM) }
        let end = ContinuousClock.now + timeout
        while processes.contains(where: isAlive), ContinuousClock.now < end { usleep(10_000) }
    }

    /// Kills the processes that were started for a trial below `directory`: the trainers of a sweep whose planner is
    /// gone.
    ///
    /// - Parameter areLaunchers: whether they are sent SIGTERM first, with time to end their jobs.
    ///
    /// It returns when none is left, or after five seconds. Launchers have one second more, so that `srun` can end its
    /// job.
    public static func endAll(inTrialsBelow directory: String, areLaunchers: Bool) async {
        await onThreadOfItsOwn {
            if areLaunchers { terminate(processes(inTrialsBelow: directory), within: Guardian.cleanUpTime) }
            killAll(within: .seconds(5)) { process in
                trialDirectories(of: process).contains { $0.hasPrefix("\(directory)/") }
            }
        }
    }

    /// Each block that is put here gets a thread of its own.
    private static let threads = DispatchQueue(label: "killing", attributes: .concurrent)

    /// Runs work that blocks its thread. On one of the few threads that run tasks it would hold up all others.
    private static func onThreadOfItsOwn(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            threads.async {
                work()
                continuation.resume()
            }
        }
    }

    /// Kills the processes that match, each as soon as it is found, until none is left or `timeout` has passed.
    ///
    /// The processes may start others before they die, faster than the whole table can be read. So the newest ones are
    /// checked again and again without a pause, and the thread gets the highest priority that the system allows.
    ///
    /// - Parameters:
    ///   - candidates: the processes to check in each round.
    ///   - matches: must return false for a process that has ended.
    /// - Returns: whether none is left.
    @discardableResult
    static func killAll(
        within timeout: Duration, among candidates: () -> [Int32] = identifiers, where matches: (Int32) -> Bool
    ) -> Bool {
        let end = ContinuousClock.now + timeout
        let priority = getpriority(.init(PRIO_PROCESS.rawValue), 0)
        defer { setpriority(.init(PRIO_PROCESS.rawValue), 0, priority) }
        func kill(_ processes: some Sequence<Int32>) -> Bool {
            var hasFound = false
            for process in processes where matches(process) {
                Foundation.kill(process, SIGKILL)
                hasFound = true
            }
            return hasFound
        }
        while true {
            var last = lastIdentifier()
            guard kill(candidates()) else { return true }
            setpriority(.init(PRIO_PROCESS.rawValue), 0, -20)
            var hasFound = true
            while hasFound, ContinuousClock.now < end {
                let newest = lastIdentifier()
                hasFound = kill(identifiers(after: last, to: newest))
                last = newest
            }
            if ContinuousClock.now > end { return false }
            usleep(1_000)
        }
    }

    /// All identifiers that were given out after `first`, up to `last`; those of all processes where one of the two is
    /// not known.
    private static func identifiers(after first: Int32?, to last: Int32?) -> [Int32] {
        guard let first, let last else { return identifiers() }
        guard first > last else { return Array((first...last).dropFirst()) }
        // The kernel counts upwards, and begins again at the bottom after the largest identifier.
        return Array((first...max(identifierLimit, first)).dropFirst()) + Array((0...max(0, last)).dropFirst())
    }

    /// Kills all processes of a trial at once: those that were seen, and those that they start meanwhile.
    ///
    /// - Parameters:
    ///   - directory: the trial's folder, absolute.
    ///   - leader: the leader of the trial's session.
    ///   - members: the processes that are known already; they are killed first.
    static func killTrial(in directory: String, ledBy leader: Int32, seen members: [Int32]) async {
        kill(-leader, SIGKILL)
        for process in members { kill(process, SIGKILL) }
        await onThreadOfItsOwn {
            killAll(within: .seconds(10)) {
                trialDirectories(of: $0).contains(directory) || status(of: $0)?.session == leader
            }
        }
    }

    /// The first argument of a process: by convention, the name it was started under.
    static func firstArgument(of process: Int32) -> String? {
        contents("/proc/\(process)/cmdline")?.split(separator: 0).first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a process has been stopped: by a signal or by a debugger.
    static func isStopped(_ process: Int32) -> Bool {
        guard let status = contents("/proc/\(process)/stat"), let name = status.lastIndex(of: UInt8(ascii: ")")),
            let state = status.dropFirst(name + 2).first
        else { return false }
        return state == UInt8(ascii: "T") || state == UInt8(ascii: "t")
    }

    /// Whether a process exists and is not a zombie.
    static func isAlive(_ process: Int32) -> Bool {
        // The state follows the name, which is in parentheses and may hold anything.
        guard let status = contents("/proc/\(process)/stat"), let name = status.lastIndex(of: UInt8(ascii: ")")),
            let state = status.dropFirst(name + 2).first
        else { return false }
        return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X")
    }

    /// Kills the processes that a trial has left in other sessions after the leader of its own session has ended.
    ///
    /// They were started after the leader, so only processes with later identifiers need to be examined. The leaders of
    /// other trials need not: where many trials end at once, to read the environments of all of them for each one would
    /// take the square of their number.
    ///
    /// - Parameter time: how long the trial took.
    static func killLeftovers(ofTrialIn directory: String, ledBy leader: Int32, after time: Duration) async {
        // After a long time the identifiers may have begun again. At most 20,000 processes a second are assumed.
        let isRecent = time / .seconds(1) * 20_000 < Double(identifierLimit)
        @Sendable func candidates() -> [Int32] {
            let own = Orphans.ownChildren
            guard let last = lastIdentifier() else { return identifiers().filter { !own.contains($0) } }
            return identifiers().filter { process in
                let isLater = last >= leader ? process > leader && process <= last : process > leader || process <= last
                return (isLater || !isRecent) && !own.contains(process)
            }
        }
        // Usually there are none, and no thread is needed.
        guard candidates().contains(where: { trialDirectories(of: $0).contains(directory) }) else { return }
        await onThreadOfItsOwn {
            killAll(within: .seconds(5), among: candidates) { trialDirectories(of: $0).contains(directory) }
        }
    }

    // MARK: Families

    /// The children of a process, including zombies.
    static func children(of process: Int32) -> [Int32] {
        guard let folder = opendir("/proc/\(process)/task") else { return [] }
        defer { closedir(folder) }
        var children: [Int32] = []
        while let entry = readdir(folder) {
            let thread = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
            }
            guard thread > 0, let list = contents("/proc/\(process)/task/\(thread)/children") else { continue }
            children += String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        }
        return children
    }

    /// The orphans of which this process has become the parent; there may be children of its own among them.
    ///
    /// Linux makes them children of the first living thread (`find_new_reaper` in kernel/exit.c), here the main thread,
    /// which never ends. To read the lists of all threads would double the work at the end of a short trial.
    static func adoptedChildren() -> [Int32] {
        let list = contents("/proc/self/task/\(getpid())/children") ?? []
        return String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }

    /// The children of a process, their children, and so on.
    ///
    /// A process that changes its parent while this looks may be missed; the callers look again.
    static func descendants(of process: Int32) -> [Int32] {
        var found: [Int32] = []
        var known: Set<Int32> = [process]
        var next = [process]
        while let parent = next.popLast() {
            for child in children(of: parent) where known.insert(child).inserted {
                found.append(child)
                next.append(child)
            }
        }
        return found
    }

    /// When a process was started, in the kernel's ticks; zombies have a start time as well.
    static func startTime(of process: Int32) -> UInt64? {
        guard let status = contents("/proc/\(process)/stat"), let name = status.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = status[(name + 1)...].split(separator: UInt8(ascii: " "))
        return fields.count > 19 ? UInt64(String(decoding: fields[19], as: UTF8.self)) : nil
    }

    /// All identifiers of processes are smaller than this.
    private static let identifierLimit: Int32 =
        contents("/proc/sys/kernel/pid_max").flatMap {
            Int32(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        } ?? 1 << 15

    /// The identifier that was given out last; nil if `/proc` does not tell.
    private static func lastIdentifier() -> Int32? {
        let load = contents("/proc/loadavg").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return load.split(whereSeparator: \.isWhitespace).last.flatMap { Int32($0) }
    }

    /// All processes except this one.
    static func identifiers() -> [Int32] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        let own = getpid()
        var identifiers: [Int32] = []
        while let entry = readdir(folder) {
            let identifier = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
            }
            if identifier > 0, identifier != own { identifiers.append(identifier) }
        }
        return identifiers
    }

    /// What `/proc` says of a process; nil if it has ended.
    ///
    /// Zombies count as ended here.
    static func status(of process: Int32) -> ProcessSnapshot.Process? {
        guard let status = contents("/proc/\(process)/stat"), let name = status.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        // The fields after the name: the state is the third of the line (proc_pid_stat(5)).
        let fields = status[(name + 1)...].split(separator: UInt8(ascii: " "))
        func field(_ number: Int) -> Int? {
            number - 3 < fields.count ? Int(String(decoding: fields[number - 3], as: UTF8.self)) : nil
        }
        guard let state = fields.first?.first, state != UInt8(ascii: "Z"), state != UInt8(ascii: "X"),
            let parent = field(4), let session = field(6), let start = field(22), let pages = field(24)
        else { return nil }
        return ProcessSnapshot.Process(
            parent: Int32(truncatingIfNeeded: parent), session: Int32(truncatingIfNeeded: session),
            start: UInt64(max(0, start)), residentPages: max(0, pages))
    }

    /// The folders of the trials that a process was started for: its own trial's, and those of the outer trials where
    /// planners run as trainers of others. The outer planners' tokens are among them, since `TrialVariable.outer` holds
    /// both; a token is never equal to a path.
    static func trialDirectories(of process: Int32) -> [String] { values(of: .trialDirectory, in: process) }

    /// The tokens of the planners that a process descends from: its own, and the outer ones where planners run as
    /// trainers of others. The outer trials' folders are among them, too.
    static func planners(of process: Int32) -> [String] { values(of: .planner, in: process) }

    /// The value of a variable in a process, and after it what outer planners handed on.
    private static func values(of variable: TrialVariable, in process: Int32) -> [String] {
        guard let environment = contents("/proc/\(process)/environ") else { return [] }
        let outer = value(of: .outer, in: environment)?.split(separator: "\n").map(String.init) ?? []
        return (value(of: variable, in: environment).map { [$0] } ?? []) + outer
    }

    /// The value of a variable when the process was started; nil if it was not set, or for a zombie.
    static func value(of variable: TrialVariable, in process: Int32) -> String? {
        contents("/proc/\(process)/environ").flatMap { value(of: variable, in: $0) }
    }

    private static func value(of variable: TrialVariable, in environment: [UInt8]) -> String? {
        let prefix = Array("\(variable.rawValue)=".utf8)
        return environment.split(separator: 0).first { $0.starts(with: prefix) }
            .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }

    /// The memory of these processes together, in bytes. Memory that several share is divided among them ("Pss").
    ///
    /// A process that has ended, or of which `/proc` does not tell, counts as 0.
    static func proportionalBytes(of processes: [Int32]) -> Int {
        processes.reduce(0) { sum, process in
            let rollup = contents("/proc/\(process)/smaps_rollup").map { String(decoding: $0, as: UTF8.self) } ?? ""
            let line = rollup.split(separator: "\n").first { $0.hasPrefix("Pss:") }
            let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            return sum + (kibibytes ?? 0) * 1024
        }
    }

    /// All bytes of a file below `/proc`, whose size is only known when it has been read; nil if it is not there,
    /// belongs to another user, or its process has ended.
    private static func contents(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
