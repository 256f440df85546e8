import ConfigFile
import Foundation
import SweepModel
import SweepSearch

/// A sweep file with the base configuration it names: all of a sweep that is text, and what the text means.
public struct SweepFile: Sendable {
    public let sweep: Sweep
    /// The file as the user wrote it.
    public let document: ConfigDocument
    /// What the trial's values are laid over; nil where the sweep has none.
    public let base: ConfigDocument?
    /// The folder of the sweep file, absolute: relative paths in the file start there.
    public let directory: String

    /// Reads the file at `path` and the base configuration beside it.
    ///
    /// - Throws: `DiagnosticsError` with every mistake that was found.
    public static func read(path: String) throws(DiagnosticsError) -> SweepFile {
        let source = try SourceFile(readingFrom: path)
        let directory = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
        return try SweepFile(source: source, base: nil, directory: directory)
    }

    /// Reads a sweep as it was stored when it was started, whatever became of its files since.
    ///
    /// - Parameter defaultTrainerDirectory: where trainers are started if the file does not say so.
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

    /// The base configuration with a trial's values laid over it; nil where the sweep has no base.
    public func config(for assignment: Assignment) -> ConfigNode? {
        guard let base else { return nil }
        return assignment.reduce(base.root) { config, parameter in
            // Every path was checked against the base when the file was read.
            let value = sweep.written.shown(parameter.value, of: parameter.name)
            return config.setting(parameter.name, to: value.configValue) ?? config
        }
    }
}

extension SweepFile {
    /// The base configuration's text with a trial's values in it, everything else as it stands there; nil where the
    /// sweep has no base.
    ///
    /// - Throws: `DiagnosticsError` if no text of the base can hold the values.
    public func configText(for assignment: Assignment) throws(DiagnosticsError) -> String? {
        guard let base else { return nil }
        return try base.text(
            setting: assignment.map { parameter in
                let value = sweep.written.shown(parameter.value, of: parameter.name)
                let text = value.isStructure ? nil : sweep.written.text(of: value, of: parameter.name)
                return (path: parameter.name, node: ConfigNode(value.configValue, text: text))
            })
    }
}

/// Imported names differ between modules; here a near name is always that of ConfigFile.
func nearest(_ name: String, among names: [String]) -> String? {
    nearestName(to: name, among: names)
}
