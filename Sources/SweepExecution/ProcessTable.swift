import Foundation
import TrialProtocol

/// What the kernel tells about the processes of this machine, through `/proc`.
public enum ProcessTable {
    /// The live processes whose environment, as it was when they were started, has a variable with this value. A
    /// process that only waits to be reaped does not live.
    public static func processes(with variable: TrialVariable, equalTo value: String) -> [Int32] {
        processes { environment in environment.contains(Array("\(variable.rawValue)=\(value)".utf8)[...]) }
    }

    /// The live processes that were started to work below `directory`: as the trainers of a sweep there.
    public static func processes(inTrialsBelow directory: String) -> [Int32] {
        let prefix = Array("\(TrialVariable.trialDirectory.rawValue)=\(directory)/".utf8)
        return processes { environment in environment.contains { $0.starts(with: prefix) } }
    }

    /// Kills processes until none is found any more, or until `timeout`.
    ///
    /// - Returns: whether none is left.
    @discardableResult
    public static func killAll(within timeout: Duration, _ find: () -> [Int32]) -> Bool {
        let end = ContinuousClock.now + timeout
        while true {
            let found = find()
            if found.isEmpty { return true }
            if ContinuousClock.now > end { return false }
            for process in found { kill(process, SIGKILL) }
            usleep(10_000)
        }
    }

    /// Returns when the process has ended, whether or not it has been reaped.
    static func waitForEnd(of process: Int32) async {
        var pause = Duration.milliseconds(1)
        while isAlive(process), !Task.isCancelled {
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    static func isAlive(_ process: Int32) -> Bool {
        // The state follows the name, which is in parentheses and may hold anything.
        guard let status = contents("/proc/\(process)/stat"), let name = status.lastIndex(of: UInt8(ascii: ")")),
            let state = status.dropFirst(name + 2).first
        else { return false }
        return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X")
    }

    private static func processes(where matches: ([ArraySlice<UInt8>]) -> Bool) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let own = getpid()
        return names.compactMap { Int32($0) }.filter { process in
            guard process != own, let environment = contents("/proc/\(process)/environ"), !environment.isEmpty else {
                return false
            }
            return matches(environment.split(separator: 0)) && isAlive(process)
        }
    }

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
