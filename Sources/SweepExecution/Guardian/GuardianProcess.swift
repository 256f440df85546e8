import Foundation
import TrialProtocol

/// What a guardian does, in a process of its own.
extension Guardian {
    /// What it knows of the planner's processes.
    private struct Knowledge {
        let planner: Int32
        /// Children that the planner had before it started any: they are none of its trainers.
        let strangers: Set<Int32>
        /// The leaders of the sessions of trainers that run.
        var trainers: Set<Int32> = []
        var launchers: Set<Int32> = []
        /// Whatever has descended from the planner when it was last looked at, with the time it was started: a
        /// planner is handed what its trainers leave behind.
        var family: [Int32: UInt64] = [:]

        mutating func look() {
            var found: [Int32: UInt64] = [:]
            for child in ProcessTable.children(of: planner) where !strangers.contains(child) {
                for process in [child] + ProcessTable.descendants(of: child) where !isGuardian(process) {
                    if let start = family[process] ?? ProcessTable.startTime(of: process) { found[process] = start }
                }
            }
            // A planner that is gone has no children, and what it had is what matters now.
            if getppid() == planner { family = found } else { family.merge(found) { $1 } }
        }

        /// Whether it is one of this planner's: those of a planner below it descend from a trainer.
        private func isGuardian(_ process: Int32) -> Bool {
            process == getpid()
                || ProcessTable.firstArgument(of: process) == processName
                    && ProcessTable.status(of: process)?.parent == planner
        }

        /// Those that live, and what they have started since.
        func livingFamily() -> Set<Int32> {
            var living: Set<Int32> = []
            for (process, start) in family where ProcessTable.startTime(of: process) == start {
                living.insert(process)
                living.formUnion(ProcessTable.descendants(of: process))
            }
            return living
        }
    }

    /// How often a guardian looks what there is.
    private static let interval: Int32 = 200

    /// Waits until the planner dismisses it or is gone, and kills whatever trainers have left.
    public static func runAsGuardian() {
        for ignored in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(ignored, SIG_IGN) }
        // What `ps` and `pkill` go by: whoever kills all of revsweep by name shall not kill its guardian too.
        try? processName.write(toFile: "/proc/self/comm", atomically: false, encoding: .utf8)
        // Not from the environment: by that the guardians would take each other for trainers.
        let arguments = CommandLine.arguments.dropFirst()
        guard let token = arguments.first, let planner = arguments.dropFirst().first.flatMap({ Int32($0) }) else {
            return
        }
        let strangers = arguments.dropFirst(2).first?.split(separator: " ").compactMap { Int32($0) } ?? []
        var knowledge = Knowledge(planner: planner, strangers: Set(strangers))
        let isDismissed = waitForPlanner(&knowledge)
        if !isDismissed { ProcessTable.terminate(knowledge.launchers, within: cleanUpTime) }
        // When a planner was killed while it started a trainer, that one carries the token only once it runs: look
        // again until all is surely quiet.
        for round in 0..<(isDismissed ? 1 : 5) {
            if round > 0 { usleep(100_000) }
            var family: Set<Int32> = []
            if !isDismissed {
                family = knowledge.livingFamily()
                for process in family { kill(process, SIGKILL) }
            }
            ProcessTable.killAll(within: .seconds(5)) { process in
                if ProcessTable.planners(of: process).contains(token) { return true }
                guard !knowledge.trainers.isEmpty || !family.isEmpty,
                    let status = ProcessTable.status(of: process)
                else { return false }
                // A trainer that was started without its environment, by `sudo` or `env -i`, is known by its session.
                return knowledge.trainers.contains(status.session)
                    || family.contains(process) && knowledge.family[process] == status.start
            }
        }
    }

    /// - Returns: whether the planner has ended in order.
    private static func waitForPlanner(_ knowledge: inout Knowledge) -> Bool {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var lastLook = ContinuousClock.now
        while true {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let isReadable = poll(&input, 1, interval) > 0
            if ContinuousClock.now - lastLook >= .milliseconds(Int(interval)) {
                knowledge.look()
                lastLook = .now
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
