import Foundation

/// Why a program cannot be run.
public enum ProgramProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case notFound(name: String, searched: String)
    case isDirectory(path: String)
    case notExecutable(path: String)

    public var description: String {
        switch self {
        case .notFound(let name, let searched): "there is no program '\(name)' \(searched)"
        case .isDirectory(let path): "'\(path)' is a directory, not a program"
        case .notExecutable(let path): "'\(path)' is not executable"
        }
    }
}

/// Where a trainer's program is.
public enum ProgramSearch {
    /// The folder of this process's own executable.
    public static var ownDirectory: String {
        URL(fileURLWithPath: ownExecutable).deletingLastPathComponent().path
    }

    /// The path of this process's own executable.
    public static var ownExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// The absolute path of the program called `name`: a bare name is looked for along PATH, and in `ownDirectory` if it is
    /// not there; a path with a slash starts at `directory`.
    ///
    /// - Parameter path: a PATH in place of the environment's; its relative folders start at `directory`.
    public static func find(
        _ name: String, relativeTo directory: String, path: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ProgramProblem) -> String {
        if name.contains("/") {
            let path =
                name.hasPrefix("/") ? name : URL(fileURLWithPath: "\(directory)/\(name)").standardizedFileURL.path
            guard exists(path) else {
                throw .notFound(name: name, searched: name.hasPrefix("/") ? "" : "in \(directory)")
            }
            try requireExecutable(path)
            return path
        }
        let start = path == nil ? FileManager.default.currentDirectoryPath : directory
        let folders = (path ?? environment["PATH"] ?? "").split(separator: ":").map { folder in
            folder.hasPrefix("/")
                ? String(folder) : URL(fileURLWithPath: "\(start)/\(folder)").standardizedFileURL.path
        }
        let candidates = (folders + [ownDirectory]).map { "\($0)/\(name)" }.filter { exists($0) }
        if let path = candidates.first(where: isExecutable) { return path }
        guard let unusable = candidates.first else {
            throw .notFound(
                name: name, searched: "on \(path == nil ? "PATH" : "the PATH in trainer.env") or beside revsweep")
        }
        try requireExecutable(unusable)
        return unusable
    }

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isExecutable(_ path: String) -> Bool { (try? requireExecutable(path)) != nil }

    private static func requireExecutable(_ path: String) throws(ProgramProblem) {
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if isDirectory.boolValue { throw .isDirectory(path: path) }
        if access(path, X_OK) != 0 { throw .notExecutable(path: path) }
    }
}
