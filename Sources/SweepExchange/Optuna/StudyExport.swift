import SweepFile
import SweepModel
import SweepStore

/// A sweep written as a study of Optuna's.
///
///     let export = try StudyExport(of: store, file)
///     try export.journal { try draft.append($0.utf8) }
///     try export.writeDatabase(to: "digits.db")
public struct StudyExport {
    private let export: OptunaExport

    /// - Parameter file: the sweep file as it is stored.
    /// - Throws: what the store throws.
    public init(of store: SweepStore, _ file: SweepFile) throws { export = try OptunaExport(of: store, file) }

    /// The distributions of the parameters as Optuna stores them, as JSON, by name. Parameters that the sweep file has
    /// no more and that no trial has are not in it.
    public var distributions: [String: String] { export.space.distributions.mapValues(\.json) }

    /// Hands over the lines of a journal, a trial at a time.
    ///
    /// - Throws: what the store throws, and whatever `append` throws.
    public func journal(_ append: (String) throws -> Void) throws {
        var journal = JournalText()
        try append(journal.study(export.study))
        _ = try export.forEachTrial { try append(journal.trial($0)) }
    }

    /// Writes a database, whole or not at all.
    ///
    /// - Throws: `ExchangeError` or `FileError`, or what the store throws.
    public func writeDatabase(to path: String) throws {
        try StudyDatabaseFile.write(export.study, to: path) { add in _ = try export.forEachTrial { try add($0) } }
    }
}
