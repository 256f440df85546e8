import ConfigFile
import Files
import Foundation
import SweepModel
import SweepSearch

/// A sweep file with the base configuration it names: the texts as the user wrote them, and the `Sweep` they describe.
///
/// A file is read whole or not at all. All mistakes are collected first and reported together, each with its place in
/// the file and what to write instead.
///
///     let file = try SweepFile.read(path: "sweeps/digits.yaml")
///     file.sweep.budget.trials                    // 30
///     let assignment: Assignment = ["optimizer.learning_rate": .number(0.01)]
///     try file.configText(for: assignment, seed: 7)        // configs/digits.yaml with `learning_rate: 0.01` in it
public struct SweepFile: Sendable {
    /// What the file means.
    public let sweep: Sweep
    /// The file as the user wrote it.
    public let document: ConfigDocument
    /// The trainer's own configuration, over which each trial's values are laid; nil where the sweep has none.
    public let base: ConfigDocument?
    /// The folder of the sweep file, absolute. Relative paths in the file begin there, not in the folder of the shell,
    /// so that a sweep means the same wherever it is started from.
    public let directory: String

    /// Reads the file at `path` and the base configuration that it names.
    ///
    /// - Throws: `DiagnosticsError` with every mistake that was found.
    ///   A base configuration that cannot be read is such a mistake, too.
    public static func read(path: String) throws(DiagnosticsError) -> SweepFile {
        let source = try SourceFile(readingFrom: path)
        let directory = URL(fileURLWithPath: path.absolutePath()).deletingLastPathComponent().path
        let file = try SweepFile(source: source, base: nil, directory: directory)
        try file.requireNoNUL()
        return file
    }

    /// Checks that no value holds a character that no command line and no text of the database can carry. What is
    /// stored of an older sweep may.
    private func requireNoNUL() throws(DiagnosticsError) {
        let problems = DiagnosticCollector(source: document.source)
        for entry in document.root["parameters"]?.entries ?? [] where entry.node.holdsNUL {
            problems.report("a value of '\(entry.key)' cannot hold a NUL", at: entry.keyLocation)
        }
        try problems.throwIfAny()
    }

    /// Reads a sweep from its stored texts, so that it can go on after its files were edited or deleted.
    ///
    /// - Parameters:
    ///   - source: the sweep file.
    ///   - base: the base configuration; nil to read it from the path that the file names.
    ///   - directory: the folder of the sweep file, absolute.
    ///   - defaultTrainerDirectory: where trainers start if the file does not say so.
    /// - Throws: `DiagnosticsError` with every mistake that was found.
    public init(
        source: SourceFile, base: SourceFile?, directory: String,
        defaultTrainerDirectory: String = "{sweep_dir}"
    ) throws(DiagnosticsError) {
        document = try ConfigDocument(parsing: source)
        self.directory = directory
        let problems = DiagnosticCollector(source: source)
        let reader = SweepReader(
            document: document, directory: directory, storedBase: base,
            defaultTrainerDirectory: defaultTrainerDirectory, problems: problems)
        let reading = reader.read()
        try problems.throwIfAny()
        guard let reading else {
            throw DiagnosticsError([Diagnostic(path: source.path, message: "the file is not a sweep")])
        }
        sweep = reading.sweep
        self.base = reading.base
    }

    /// The base configuration with a trial's values laid over it, as values; nil where the sweep has no base. For
    /// programs that read JSON; a trainer gets `configText(for:)`.
    ///
    ///     base        optimizer: {name: sgd, lr: 0.1}
    ///     values      optimizer.lr=0.01
    ///     result      optimizer: {name: sgd, lr: 0.01}
    ///
    /// - Parameter seed: the trial's, which is set where the configuration has one and `replicates` is used.
    public func config(for assignment: Assignment, seed: UInt64) -> ConfigNode? {
        guard let base else { return nil }
        let config = assignment.reduce(base.root) { config, parameter in
            // Every path was checked against the base when the file was read.
            let value = sweep.written.shown(parameter.value, of: parameter.name)
            return config.setting(parameter.name, to: value.configNode) ?? config
        }
        guard let path = sweep.replicates?.seedParameter else { return config }
        return config.setting(path, to: .integer(Int(clamping: seed))) ?? config
    }
}

extension SweepFile {
    /// The name of a trial's copy of the base configuration, in its folder: with the ending of the base, as trainers
    /// may choose their reader by it.
    ///
    ///     base.json       config.json
    ///     base            config.yaml
    public var configName: String {
        let ending = base.map { URL(fileURLWithPath: $0.source.path).pathExtension } ?? ""
        return "config.\(["json", "yml"].contains(ending) ? ending : "yaml")"
    }

    /// The text of the base configuration with a trial's values in it; nil where the sweep has no base.
    ///
    /// Everything else stays as it is in the file: comments, the order of keys, and what this reader does not
    /// understand but the trainer does.
    ///
    /// - Parameter seed: the trial's, which is set where the configuration has one and `replicates` is used.
    /// - Throws: `DiagnosticsError` if no text of the base can hold the values.
    public func configText(for assignment: Assignment, seed: UInt64) throws(DiagnosticsError) -> String? {
        guard let base else { return nil }
        var settings = assignment.map { (path: $0.name, node: writtenNode(of: $0.value, of: $0.name)) }
        if let path = sweep.replicates?.seedParameter {
            settings.append((path: path, node: ConfigNode(.integer(Int(clamping: seed)))))
        }
        return try base.text(setting: settings)
    }

    /// The values alone, by name, with their spelling in the sweep file.
    public func writtenNode(of assignment: Assignment) -> ConfigNode {
        ConfigNode(.mapping(assignment.map { ConfigEntry(key: $0.name, node: writtenNode(of: $0.value, of: $0.name)) }))
    }

    /// A value with its spelling in the sweep file.
    private func writtenNode(of value: ParameterValue, of parameter: String) -> ConfigNode {
        let value = sweep.written.shown(value, of: parameter)
        return ConfigNode(value, sweep.written.spelling(of: value, of: parameter))
    }
}

/// The name among `names` that a misspelled one probably means; nil if none is near. A short form for the readers,
/// nearly all of which ask.
///
///     nearest("trails", among: ["trials", "time"])        // "trials"
func nearest(_ name: String, among names: [String]) -> String? {
    nearestName(to: name, among: names)
}

extension ConfigNode {
    /// Whether a text in it has a character of code 0.
    fileprivate var holdsNUL: Bool {
        switch value {
        case .string(let text): text.utf8.contains(0)
        case .sequence(let nodes): nodes.contains(where: \.holdsNUL)
        case .mapping(let entries): entries.contains { $0.key.utf8.contains(0) || $0.node.holdsNUL }
        case .null, .boolean, .integer, .number: false
        }
    }
}
