import Foundation

/// Why a program cannot be run.
public enum ProgramProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case notFound(name: String, searched: String)
    case isDirectory(path: String)
    case notExecutable(path: String)
    case isEmpty(path: String)
    /// A text whose first line does not name what runs it.
    case namesNoInterpreter(path: String)
    case hasWindowsLineEnds(path: String, line: String)
    case noInterpreter(path: String, interpreter: String)

    public var description: String {
        switch self {
        case .notFound(let name, let searched): "there is no program '\(name)' \(searched)"
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

    /// What to do about it.
    public var help: String? {
        switch self {
        case .notFound: "give its path, which starts at the folder of the sweep file, or install it"
        case .isDirectory, .isEmpty: nil
        case .notExecutable(let path): "make it so: chmod +x \(path); or name what runs it: command: [python3, SCRIPT]"
        case .namesNoInterpreter: "begin it with '#!/bin/sh' or the like, or name what runs it: command: [sh, SCRIPT]"
        case .hasWindowsLineEnds(let path, _): "take them out: sed -i 's/\\r$//' \(path)"
        case .noInterpreter: "install it, mend the line, or name what runs the script: command: [python3, SCRIPT]"
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

    /// The absolute path of the program called `name`: a bare name is looked for along PATH, and in `ownDirectory` if
    /// it is not there; a path with a slash starts at `directory`.
    ///
    /// - Parameter path: a PATH in place of the environment's; its relative folders start at `directory`.
    public static func find(
        _ name: String, relativeTo directory: String, path: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ProgramProblem) -> String {
        let start = path == nil ? FileManager.default.currentDirectoryPath : directory
        let folders = (path ?? environment["PATH"] ?? "").split(separator: ":").map { folder in
            folder.hasPrefix("/")
                ? String(folder) : URL(fileURLWithPath: "\(start)/\(folder)").standardizedFileURL.path
        }
        if name.contains("/") {
            let path =
                name.hasPrefix("/") ? name : URL(fileURLWithPath: "\(directory)/\(name)").standardizedFileURL.path
            guard exists(path) else {
                throw .notFound(name: name, searched: name.hasPrefix("/") ? "" : "in \(directory)")
            }
            if let problem = problem(with: path, folders) { throw problem }
            return path
        }
        let candidates = (folders + [ownDirectory]).map { "\($0)/\(name)" }.filter { exists($0) }
        // As a shell takes the first that it may execute.
        let first = candidates.first { access($0, X_OK) == 0 && !isDirectory($0) }
        guard let found = first ?? candidates.first else {
            throw .notFound(
                name: name, searched: "on \(path == nil ? "PATH" : "the PATH in trainer.env") or beside revsweep")
        }
        if let problem = problem(with: found, folders) { throw problem }
        return found
    }

    /// What keeps the system from running the file at `file`, an absolute path; nil if nothing is known that does.
    ///
    /// - Parameter path: the PATH on which `env` looks for an interpreter.
    static func problem(with file: String, path: String?) -> ProgramProblem? {
        let path = path ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
        return problem(with: file, path.split(separator: ":").map(String.init))
    }

    private static func problem(with path: String, _ folders: [String]) -> ProgramProblem? {
        if isDirectory(path) { return .isDirectory(path: path) }
        if !exists(path) { return .notFound(name: path, searched: "any more") }
        if access(path, X_OK) != 0 { return .notExecutable(path: path) }
        // A program that may not be read may well be one.
        guard let start = start(of: path) else { return nil }
        if start.isEmpty { return .isEmpty(path: path) }
        guard start.starts(with: "#!".utf8) else {
            // What holds a NUL, or begins like a program of Linux, is no text.
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

    /// The first bytes of a file; nil where it is none, or may not be read.
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

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
