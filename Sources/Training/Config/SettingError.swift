import ConfigFile

/// A setting that is well written, and that the data or a file it names contradict: what only the start of a run can
/// tell.
///
///     SettingError(key: "training.evaluate_on", problem: "…", help: "…")
///         .located(in: "run.yaml", settings: [])       // run.yaml:7:16: error: …
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The dotted path of the setting.
    public var key: String
    /// What is wrong, as a sentence without its full stop.
    public var problem: String
    /// What to do about it.
    public var help: String

    public init(key: String, problem: String, help: String) {
        self.key = key
        self.problem = problem
        self.help = help
    }

    public var description: String { "\(problem)\n  = help: \(help)" }

    /// The same with the line of the config file, or of the command line, where the setting is; itself where that
    /// cannot be found.
    ///
    /// - Parameters:
    ///   - path: of the config file.
    ///   - settings: values that take the place of those in the file.
    public func located(in path: String, settings: [ConfigSetting]) -> any Error {
        guard let document = try? ConfigDocument.read(path: path) else { return self }
        let problems = DiagnosticCollector(source: document.source)
        guard let node = document.root(with: settings, problems: problems)[path: key] else { return self }
        problems.report(problem, at: node.location, help: help)
        do {
            try problems.throwIfAny()
            return self
        } catch {
            return error
        }
    }
}
