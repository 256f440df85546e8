import Foundation

/// What a test needs and a machine may lack, for use in `.enabled(if:)`. A test that is skipped this way is reported as
/// skipped, where one that returns early would count as passed.
public enum Machine {
    /// Whether there are programs of these names on PATH.
    public static func has(_ programs: String...) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return programs.allSatisfy { program in
            path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
        }
    }

    /// Whether `python3` on PATH has these packages.
    public static func pythonHas(_ packages: String...) -> Bool {
        has("python3") && succeeds("python3", ["-c", packages.map { "import \($0)" }.joined(separator: "\n")])
    }

    /// Whether this user may mount file systems in a separate namespace; containers often forbid it.
    public static let mayMount =
        has("unshare")
        && succeeds("unshare", ["--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o size=400k tmpfs /tmp"])

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
