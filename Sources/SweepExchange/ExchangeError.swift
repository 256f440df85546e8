import ConfigFile
import Files

/// Why another program's file cannot be read, or what a sweep cannot be written as.
///
///     study.log:12: trial 3 has the state 9, which Optuna does not have
///       = help: …
public struct ExchangeError: Error, Hashable, Sendable {
    /// The file as the caller named it.
    public var path: String
    /// From 1; nil where the mistake is in no line, as in a database.
    public var line: Int?
    /// What is wrong, to follow the path and a colon.
    public var problem: String
    /// What to do about it.
    public var help: String?

    public init(_ path: String, line: Int? = nil, _ problem: String, help: String? = nil) {
        self.path = path
        self.line = line
        self.problem = problem
        self.help = help
    }

    init(_ error: FileError) {
        self.init(error.path, "the file cannot be read: \(error.reason)")
    }
}

extension ExchangeError: CustomStringConvertible {
    public var description: String {
        path + (line.map { ":\($0)" } ?? "") + ": \(problem)" + (help.map { "\n  = help: \($0)" } ?? "")
    }
}
