import ConfigFile
import Files
import Foundation
import SweepModel
import SweepSearch

/// A file in which Optuna keeps studies: a journal, which is a text of one JSON object a line, or an SQLite database.
///
///     try OptunaFile.kind(of: "study.db")                     // .database, whatever its name is
///     let study = try OptunaFile.study(in: "study.db", named: "digits")
public enum OptunaFile {
    public enum Kind: Sendable, Hashable {
        case journal, database
    }

    /// What the file is by its content; nil if it is neither, or empty.
    ///
    /// - Throws: `ExchangeError` if it cannot be read.
    public static func kind(of path: String) throws(ExchangeError) -> Kind? {
        let start = try beginning(of: path)
        if isDatabase(start) { return try StudyDatabase.isStudies(path) ? .database : nil }
        let line = start.drop { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }.prefix { $0 != 0x0A }
        guard let first = ParameterValue(pythonJSON: line), case .integer? = first["op_code"] else { return nil }
        return first["study_name"] != nil || first["study_id"] != nil || first["trial_id"] != nil ? .journal : nil
    }

    /// Every study of the file, with its trials.
    ///
    /// - Throws: `ExchangeError` if it is no file of Optuna's, is damaged, or too old.
    public static func studies(in path: String) throws(ExchangeError) -> [OptunaStudy] {
        switch try kind(of: path) {
        case .journal: return try StudyJournal.studies(in: path)
        case .database: return try StudyDatabase.studies(in: path)
        case nil:
            throw ExchangeError(
                path, "this is neither an Optuna journal nor an Optuna database",
                help: "a journal begins with {\"op_code\": 0, …}; a database has the tables studies and trials")
        }
    }

    /// The study with this name, or the only one.
    ///
    /// - Throws: `ExchangeError` also if there is no such study, or no name was given and there are several; it lists
    ///   them.
    public static func study(in path: String, named name: String? = nil) throws(ExchangeError) -> OptunaStudy {
        let studies = try studies(in: path)
        let names = studies.map(\.name)
        let list = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        if let name {
            if let study = studies.first(where: { $0.name == name }) { return study }
            let nearest = nearestName(to: name, among: names).map { "did you mean '\($0)'?" }
            throw ExchangeError(
                path, "there is no study '\(name)'",
                help: nearest ?? (names.isEmpty ? "the file has none" : "there are \(list)"))
        }
        guard let study = studies.first else { throw ExchangeError(path, "there is no study in this file") }
        guard studies.count == 1 else {
            throw ExchangeError(
                path, "there are \(studies.count) studies in this file: \(list)", help: "--study NAME chooses one")
        }
        return study
    }

    /// Whether a file that begins so is an SQLite database.
    static func isDatabase(_ start: [UInt8]) -> Bool { start.starts(with: "SQLite format 3\0".utf8) }

    /// The first bytes of a file.
    static func beginning(of path: String) throws(ExchangeError) -> [UInt8] {
        guard let file = fopen(path, "re") else {
            throw ExchangeError(FileError(.read, path: path, code: errno))
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        if ferror(file) != 0 { throw ExchangeError(FileError(.read, path: path, code: errno)) }
        return Array(bytes[..<count])
    }
}
