import Foundation
import TrialProtocol

/// The guardian's side: what the separate process does.
extension Guardian {
    /// What the guardian knows about the planner's processes.
    private struct Knowledge {
        let planner: Int32
        /// Children that the planner already had when it began, as a shell that became it with `exec` may leave them.
        /// They are not trainers and are left alone.
        let earlierChildren: Set<Int32>
        /// The leaders of the sessions of running trainers.
        var trainers: Set<Int32> = []
        /// Those of them that are launchers, which must be asked to end before they are killed.
        var launchers: Set<Int32> = []
        /// All processes that descended from the planner at the last update, with the time they were started, in the
        /// kernel's ticks. They include what trainers left behind, because the kernel makes the planner its parent.
        ///
        /// They are noted while the planner lives, since the parents can no longer be told once it is dead.
        var descendants: [Int32: UInt64] = [:]

        /// Looks through the planner's descendants; called five times a second while it lives.
        mutating func update() {
            var found: [Int32: UInt64] = [:]
            for child in ProcessTable.children(of: planner) where isOfSweep(child) {
                for process in [child] + ProcessTable.descendants(of: child) where !isGuardian(process) {
                    if let start = descendants[process] ?? ProcessTable.startTime(of: process) {
                        found[process] = start
                    }
                }
            }
            // A dead planner has no children any more; what it had at the last update must be kept.
            if getppid() == planner { descendants = found } else { descendants.merge(found) { $1 } }
        }

        /// Whether a child of the planner comes from a trainer. Where the planner had children before, it may become
        /// the parent of theirs as well: then only those count of which environment or session say so.
        private func isOfSweep(_ child: Int32) -> Bool {
            if earlierChildren.isEmpty { return true }
            if earlierChildren.contains(child) { return false }
            return ProcessTable.status(of: child).map { trainers.contains($0.session) } == true
                || !ProcessTable.trialDirectories(of: child).isEmpty
        }

        /// Whether the process is a guardian of this same planner. The guardians of a planner that runs as a trainer of
        /// this one have another parent, and are killed with that trainer.
        private func isGuardian(_ process: Int32) -> Bool {
            process == getpid()
                || ProcessTable.firstArgument(of: process) == processName
                    && ProcessTable.status(of: process)?.parent == planner
        }

        /// The noted descendants that still live, and what they have started since.
        func livingDescendants() -> Set<Int32> {
            var living: Set<Int32> = []
            for (process, start) in descendants where ProcessTable.startTime(of: process) == start {
                living.insert(process)
                living.formUnion(ProcessTable.descendants(of: process))
            }
            return living
        }
    }

    /// Milliseconds between two updates of the descendants.
    private static let interval: Int32 = 200

    /// Waits until the planner dismisses this guardian or is gone, and kills the processes that trainers have left.
    ///
    /// The command line is `trial-guardian TOKEN PLANNER EARLIER`: the planner's token, its process, and the children
    /// that it had before it started any, separated by spaces.
    public static func runAsGuardian() {
        for ignored in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(ignored, SIG_IGN) }
        // `ps` and `pkill` go by this name: `pkill revsweep` must not kill the guardians together with the planner.
        try? processName.write(toFile: "/proc/self/comm", atomically: false, encoding: .utf8)
        // The token comes as an argument. In the environment it would make the guardians take each other for trainers.
        let arguments = CommandLine.arguments.dropFirst()
        guard let token = arguments.first, let planner = arguments.dropFirst().first.flatMap({ Int32($0) }) else {
            return
        }
        let earlierChildren = arguments.dropFirst(2).first?.split(separator: " ").compactMap { Int32($0) } ?? []
        var knowledge = Knowledge(planner: planner, earlierChildren: Set(earlierChildren))
        let isDismissed = waitForPlanner(&knowledge)
        if !isDismissed { ProcessTable.terminate(knowledge.launchers, within: cleanUpTime) }
        // If the planner was killed while it started a trainer, that process has the token in its environment only
        // after its `exec`. So the search is repeated, over half a second in all.
        for round in 0..<(isDismissed ? 1 : 5) {
            if round > 0 { usleep(100_000) }
            var descendants: Set<Int32> = []
            if !isDismissed {
                descendants = knowledge.livingDescendants()
                for process in descendants { kill(process, SIGKILL) }
            }
            ProcessTable.killAll(within: .seconds(5)) { process in
                if ProcessTable.planners(of: process).contains(token) { return true }
                guard !knowledge.trainers.isEmpty || !descendants.isEmpty,
                    let status = ProcessTable.status(of: process)
                else { return false }
                // A trainer without the planner's environment, as behind `sudo` or `env -i`, is known by its session.
                return knowledge.trainers.contains(status.session)
                    || descendants.contains(process) && knowledge.descendants[process] == status.start
            }
        }
    }

    /// Reads the planner's messages until it dismisses this guardian, or the pipe closes because it is gone.
    ///
    /// - Returns: whether it was dismissed: the planner has ended its trainers itself.
    private static func waitForPlanner(_ knowledge: inout Knowledge) -> Bool {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var lastUpdate = ContinuousClock.now
        while true {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let isReadable = poll(&input, 1, interval) > 0
            if ContinuousClock.now - lastUpdate >= .milliseconds(Int(interval)) {
                knowledge.update()
                lastUpdate = .now
            }
            if !isReadable { continue }
            let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 || (count < 0 && errno != EINTR) { return false }
            for byte in buffer.prefix(max(0, count)) {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    continue
                }
                let message = GuardianLine.Message(String(decoding: line, as: UTF8.self))
                line = []
                switch message {
                case .started(let leader, let isLauncher):
                    knowledge.trainers.insert(leader)
                    if isLauncher { knowledge.launchers.insert(leader) }
                case .ended(let leader):
                    knowledge.trainers.remove(leader)
                    knowledge.launchers.remove(leader)
                case .dismissed: return true
                case nil: continue
                }
            }
        }
    }
}
