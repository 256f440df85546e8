import Files
import Foundation

/// Why a program cannot be run, with words for the user and advice.
///
///     let problem = ProgramProblem.notExecutable(path: "/sweeps/train.sh")
///     problem.description      // "'/sweeps/train.sh' is not executable"
///     problem.help             // "make it so: chmod +x /sweeps/train.sh; or name what runs it: …"
public enum ProgramProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no file of this name; `searched` says where it was looked for, in words that follow the name.
    ///
    /// `beside` is the path of a file of this name beside the sweep file, where a bare name is not looked for.
    case notFound(name: String, searched: String, beside: String? = nil)
    case isDirectory(path: String)
    /// The file may not be executed by this user.
    case notExecutable(path: String)
    /// The file has no bytes, so there is nothing to run.
    case isEmpty(path: String)
    /// A script whose first line does not name an interpreter.
    case namesNoInterpreter(path: String)
    /// The first line ends with a carriage return, which Linux takes for a part of the interpreter's name.
    case hasWindowsLineEnds(path: String, line: String)
    /// The first line names an interpreter that does not exist, directly or through `env`.
    case noInterpreter(path: String, interpreter: String)

    public var description: String {
        switch self {
        case .notFound(let name, let searched, _): "there is no program '\(name)' \(searched)"
        case .isDirectory(let path): "'\(path)' is a directory, not a program"
        case .notExecutable(let path): "'\(path)' is not executable"
        case .isEmpty(let path): "'\(path)' is an empty file"
        case .namesNoInterpreter(let path): "'\(path)' is a script whose first line does not begin with '#!'"
        case .hasWindowsLineEnds(let path, let line):
            "the first line of '\(path)' names the interpreter '\(line)\\r': the file has Windows line ends"
        case .noInterpreter(let path, let interpreter):
            "the first line of '\(path)' names the interpreter '\(interpreter)', which is not there"
        }
    }

    /// What the user can do about it; nil where the description says it all.
    public var help: String? {
        switch self {
        case .notFound(let name, _, let beside): Self.help(forMissing: name, beside: beside)
        case .isDirectory, .isEmpty: nil
        case .notExecutable(let path):
            "make it so: chmod +x \(shell: path); or name what runs it: command: [python3, SCRIPT]"
        case .namesNoInterpreter: "begin it with '#!/bin/sh' or the like, or name what runs it: command: [sh, SCRIPT]"
        case .hasWindowsLineEnds(let path, _): "take them out: sed -i 's/\\r$//' \(shell: path)"
        case .noInterpreter: "install it, mend the line, or name what runs the script: command: [python3, SCRIPT]"
        }
    }
}

extension ProgramProblem {
    private static func help(forMissing name: String, beside: String?) -> String {
        if let beside { return "the file beside the sweep file is '\(beside)'" }
        let words = name.split(separator: " ")
        if words.count > 1, !name.contains("/") {
            return "each word is an element of its own: [\(words.joined(separator: ", "))]"
        }
        return "give its path, which starts at the folder of the sweep file, or install it"
    }
}

/// Finds the program that a sweep's command names, and says why it cannot be run before any trial fails for it.
///
///     let python = try ProgramSearch.find("python3", relativeTo: sweepFolder)  // "/usr/bin/python3"
public enum ProgramSearch {
    /// The folder of this process's own executable.
    public static var ownDirectory: String {
        URL(fileURLWithPath: ownExecutable).deletingLastPathComponent().path
    }

    /// The path of this process's own executable.
    public static var ownExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// The absolute path of the program called `name`. A bare name is searched for along PATH, then in `ownDirectory`;
    /// a name with a slash is a path that starts at `directory`.
    ///
    /// - Parameters:
    ///   - path: used instead of the environment's PATH; relative folders in it start at `directory`.
    ///   - environment: where PATH is taken from otherwise; relative folders then start at the current directory.
    /// - Throws: `ProgramProblem` if no such program is found, or if it cannot be run.
    public static func find(
        _ name: String, relativeTo directory: String, path: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ProgramProblem) -> String {
        let start = path == nil ? FileManager.default.currentDirectoryPath : directory
        let folders = (path ?? environment["PATH"] ?? "").split(separator: ":").map { folder in
            folder.hasPrefix("/") ? String(folder) : String(folder).absolutePath(in: start)
        }
        if name.contains("/") {
            let path = name.hasPrefix("/") ? name : name.absolutePath(in: directory)
            guard exists(path) else {
                throw .notFound(name: name, searched: name.hasPrefix("/") ? "" : "in \(directory)")
            }
            if let problem = problem(with: path, folders) { throw problem }
            return path
        }
        let candidates = (folders + [ownDirectory]).map { "\($0)/\(name)" }.filter { exists($0) }
        // Like a shell: the first that may be executed. If there is none, the first one found is what the error names.
        let first = candidates.first { access($0, X_OK) == 0 && !isDirectory($0) }
        guard let found = first ?? candidates.first else {
            throw .notFound(
                name: name, searched: "on \(path == nil ? "PATH" : "the PATH in trainer.env") or beside revsweep",
                beside: exists("\(directory)/\(name)") ? "./\(name)" : nil)
        }
        if let problem = problem(with: found, folders) { throw problem }
        return found
    }

    /// Why the system cannot run the file at the absolute path `file`; nil if no reason is found.
    ///
    /// - Parameter path: the PATH along which `env` searches for an interpreter.
    static func problem(with file: String, path: String?) -> ProgramProblem? {
        let path = path ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
        return problem(with: file, path.split(separator: ":").map(String.init))
    }

    /// - Parameter folders: where `env` looks for the interpreter.
    private static func problem(with path: String, _ folders: [String]) -> ProgramProblem? {
        if isDirectory(path) { return .isDirectory(path: path) }
        if !exists(path) { return .notFound(name: path, searched: "any more") }
        if access(path, X_OK) != 0 { return .notExecutable(path: path) }
        // A file may be executable without being readable; then there is nothing to check.
        guard let start = start(of: path) else { return nil }
        if start.isEmpty { return .isEmpty(path: path) }
        guard start.starts(with: "#!".utf8) else {
            // A NUL, or the first byte of an ELF file, means that it is a binary and not a script.
            return start.contains(0) || start.starts(with: [0x7F]) ? nil : .namesNoInterpreter(path: path)
        }
        let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let text = String(decoding: line, as: UTF8.self)
        if line.last == UInt8(ascii: "\r") {
            return .hasWindowsLineEnds(
                path: path, line: String(text.unicodeScalars.dropLast()).trimmingCharacters(in: .whitespaces))
        }
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let interpreter = words.first else { return .namesNoInterpreter(path: path) }
        if !exists(interpreter) { return .noInterpreter(path: path, interpreter: interpreter) }
        if interpreter.hasSuffix("/env"), words.count > 1, !words[1].hasPrefix("-"), !words[1].contains("="),
            !words[1].contains("/"), !folders.contains(where: { access("\($0)/\(words[1])", X_OK) == 0 })
        {
            return .noInterpreter(path: path, interpreter: words[1])
        }
        return nil
    }

    /// The first 256 bytes of a file; nil if it is not a regular file, or may not be read.
    private static func start(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(file, &bytes, bytes.count)
        return count < 0 ? nil : Array(bytes.prefix(count))
    }

    /// Follows links: one that leads nowhere does not exist.
    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
