import Foundation
import Synchronization
import TrialProtocol

/// All processes of this machine at one moment, with what is needed to tell which trial each belongs to.
///
///     let snapshot = ProcessSnapshot.recent(within: .milliseconds(50))
///     let members = snapshot.trial(led: leader, in: "/sweeps/digits/trials/000012")
///     snapshot.residentBytes(of: members)      // 1_572_864_000, of which shared pages may count more than once
struct ProcessSnapshot: Sendable {
    /// What `/proc` says of one process.
    struct Process: Sendable {
        var parent: Int32
        var session: Int32
        /// When it was started, in the kernel's ticks. Identifiers are used again, but together with this time one
        /// means the same process for ever.
        var start: UInt64
        /// Its resident memory, in pages; memory that is shared with other processes counts in full.
        var residentPages: Int
    }

    /// By identifier; this process itself is not among them.
    let processes: [Int32: Process]

    /// Reads the whole process table, which takes a few system calls for each process of the machine.
    init() {
        var processes: [Int32: Process] = [:]
        for identifier in ProcessTable.identifiers() {
            processes[identifier] = ProcessTable.status(of: identifier)
        }
        self.processes = processes
    }

    /// The processes of one trial: those of its session, their descendants, and those with the trial's folder in their
    /// environment, which may be in sessions of their own.
    ///
    /// - Parameters:
    ///   - leader: the process that leads the trial's session.
    ///   - directory: the trial's folder, absolute.
    func trial(led leader: Int32, in directory: String) -> [Int32] {
        var members = Set(processes.filter { $0.key == leader || $0.value.session == leader }.keys)
        let others = processes.keys.filter { !members.contains($0) }
        members.formUnion(
            others.filter { descends($0, from: leader) || Environments.trials(of: $0, self).contains(directory) })
        return Array(members)
    }

    /// Whether the leader is among the ancestors of a process.
    private func descends(_ process: Int32, from leader: Int32) -> Bool {
        var process = process
        // The table was not read in one instant. If identifiers were used again meanwhile, parents may form a circle.
        for _ in 0..<100 {
            guard let parent = processes[process]?.parent, parent > 1 else { return false }
            if parent == leader { return true }
            process = parent
        }
        return false
    }

    /// The memory of these processes together, in bytes. Memory that they share counts once for each of them.
    func residentBytes(of members: [Int32]) -> Int {
        members.reduce(0) { $0 + (processes[$1]?.residentPages ?? 0) } * Int(getpagesize())
    }

    // MARK: One snapshot for all callers at about the same time

    /// The newest snapshot and when it was read; nil before the first.
    private static let latest = Mutex<(time: ContinuousClock.Instant, snapshot: ProcessSnapshot)?>(nil)

    /// A snapshot that is not older than `age`. Trials that run at the same time share one, since reading the process
    /// table is slow.
    static func recent(within age: Duration) -> ProcessSnapshot {
        latest.withLock { latest in
            let now = ContinuousClock.now
            if let latest, now - latest.time < age { return latest.snapshot }
            let snapshot = ProcessSnapshot()
            latest = (now, snapshot)
            return snapshot
        }
    }
}

/// The trial folders that processes have in their environment. They are read once for each process, since reading them
/// at every check of the limits would be slow.
private enum Environments {
    /// By process; the start time tells an entry of an earlier process with the same number from one of this.
    private static let known = Mutex<[Int32: (start: UInt64, directories: [String])]>([:])

    static func trials(of process: Int32, _ snapshot: ProcessSnapshot) -> [String] {
        guard let start = snapshot.processes[process]?.start else { return [] }
        return known.withLock { known in
            if let entry = known[process], entry.start == start { return entry.directories }
            if known.count > 10_000 { known.removeAll() }
            let directories = ProcessTable.trialDirectories(of: process)
            known[process] = (start, directories)
            return directories
        }
    }
}
