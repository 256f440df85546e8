import ConfigFile
import Files
import Foundation
import ReportFormat
import SweepModel
import SweepSearch

/// A page that `revsweep report` has written, of which nothing but its block of data is read, and nothing is run.
///
///     if try ReportPageFile.isPage(path) { trials = try ReportPageFile.sweep(in: path, named: nil) }
enum ReportPageFile {
    typealias NamedSweep = (name: String, data: ParameterValue)

    /// Whether the file begins as a page does, of whatever kind.
    static func isPage(_ path: String) throws(ExchangeError) -> Bool {
        ReportBlock.isPage(try OptunaFile.beginning(of: path))
    }

    /// The data of the sweep with this name, or of the only one.
    ///
    /// - Throws: `ExchangeError` if it is no report, is cut off, or is of a later release; if there is no such sweep,
    ///   or no name was given and there are several, which are then listed.
    static func sweep(in path: String, named name: String?) throws(ExchangeError) -> NamedSweep {
        let sweeps = try sweeps(in: path)
        let names = sweeps.map(\.name)
        let list = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        if let name {
            let found = sweeps.filter { $0.name == name }
            if let sweep = found.first, found.count == 1 { return sweep }
            if found.count > 1 {
                throw ExchangeError(path, "\(found.count) sweeps of this report have the name '\(name)'")
            }
            let nearest = nearestName(to: name, among: names).map { "did you mean '\($0)'?" }
            throw ExchangeError(
                path, "there is no sweep '\(name)' in this report", help: nearest ?? "there are \(list)")
        }
        guard let sweep = sweeps.first else { throw ExchangeError(path, "there is no sweep in this report") }
        guard sweeps.count == 1 else {
            throw ExchangeError(
                path, "there are \(sweeps.count) sweeps in this report: \(list)", help: "--study NAME chooses one")
        }
        return sweep
    }

    private static func sweeps(in path: String) throws(ExchangeError) -> [NamedSweep] {
        let bytes: [UInt8]
        do { bytes = try readAll(path) ?? [] } catch { throw ExchangeError(error) }
        let text: ArraySlice<UInt8>
        switch ReportBlock.content(of: bytes) {
        case .json(let found): text = found
        case .cutOff:
            throw ExchangeError(
                path, "the file ends in the middle of its data", help: "copy it again, or write it anew")
        case .elsewhere:
            throw ExchangeError(
                path, "this page was saved from a server, and its data are not in it",
                help: "revsweep report SWEEP writes a page with its data")
        case .none:
            throw ExchangeError(
                path, "this is a page, but none that revsweep report has written, or only the beginning of one",
                help: "what can be imported: such a report, an Optuna journal or database, a table of comma-separated "
                    + "values, another sweep")
        }
        guard let document = ParameterValue(pythonJSON: text) else {
            throw ExchangeError(path, "the data of this report are damaged: they are no JSON")
        }
        guard let format = document["format"]?.asWhole, case .list(let sweeps)? = document["sweeps"] else {
            throw ExchangeError(path, "the data of this page are not those of a report")
        }
        guard format == 1 else {
            throw ExchangeError(path, "this report has the format \(format), which a later release of revsweep reads")
        }
        return sweeps.map { ($0["name"]?.asText ?? "", $0) }
    }
}
