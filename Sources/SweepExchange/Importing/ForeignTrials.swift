import Files
import Foundation
import SweepModel
import SweepSearch

/// The trials of another program's file, in the words of a sweep that they may become the history of.
///
///     let foreign = try ForeignTrials(in: "study.db", for: sweep)
///     foreign.trials.count            // 60
///     foreign.source                  // /home/ada/study.db: digits
public struct ForeignTrials: Sendable {
    /// In the order of the file, those that have not ended included.
    public var trials: [PastTrial]
    /// The absolute path of the file, and where it may have several studies or sweeps the name of this one: what tells
    /// these trials from those of other files when they are imported again.
    public var source: String
    /// What the user should know, such as that the metric has another name there.
    public var notes: [String] = []

    /// Whether the file is a page, as `revsweep report` writes one.
    ///
    /// - Throws: `ExchangeError` if it cannot be read.
    public static func isPage(_ path: String) throws(ExchangeError) -> Bool { try ReportPageFile.isPage(path) }

    /// Reads an Optuna journal or database, a page of `revsweep report`, or a table of comma-separated values; the
    /// content says which it is.
    ///
    /// - Parameter study: which study of Optuna's, or which sweep of a report, where the file has several.
    /// - Throws: `ExchangeError` if it is none of these, is damaged, or measures something else than the sweep.
    public init(in path: String, study: String? = nil, for sweep: Sweep) throws(ExchangeError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO || status.st_mode & S_IFMT == S_IFCHR {
            throw ExchangeError(path, "a pipe can be read only once, and this is read several times: save it to a file")
        }
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        if try OptunaFile.kind(of: path) != nil {
            let found = try OptunaFile.study(in: path, named: study)
            let past = try PastStudy(found, in: path, for: sweep)
            (trials, notes) = (past.trials, past.notes)
            source = "\(absolute): \(found.name)"
            return
        }
        if try ReportPageFile.isPage(path) {
            let (name, data) = try ReportPageFile.sweep(in: path, named: study)
            let past = try PastReport(name, data, in: path, for: sweep)
            (trials, notes) = (past.trials, past.notes)
            source = "\(absolute): \(name)"
            return
        }
        if study != nil {
            throw ExchangeError(path, "--study is for Optuna's files and for reports, and this is neither")
        }
        trials = try PastTable.trials(in: path, for: sweep)
        source = absolute
    }
}

extension Sweep {
    /// The name of the parameter that other programs may call so: its own, or the last part of it where no other
    /// parameter ends so.
    ///
    ///     sweep.parameterName("learning_rate")        // optimizer.learning_rate
    func parameterName(_ name: String) -> String? {
        if space[name] != nil { return name }
        let ending = ".\(name)"
        let candidates = space.parameters.map(\.name).filter { $0.hasSuffix(ending) }
        return candidates.count == 1 ? candidates[0] : nil
    }
}

extension Distribution {
    /// The legal value that another program's value stands for; that itself if there is none.
    ///
    /// Programs that know no lists write them as JSON, and others write every choice as text.
    func value(of foreign: ParameterValue) -> ParameterValue {
        if let legal = legalForm(of: foreign) { return legal }
        let values: [ParameterValue]
        switch self {
        case .choice(let choices, _), .ordinal(let choices): values = choices
        case .real, .quantized, .integer: return foreign
        }
        if let near = nearNumber(foreign, among: values) { return near }
        guard case .string(let text) = foreign else { return foreign }
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        return values.first { $0.argument == trimmed || $0.json(.compact) == trimmed } ?? foreign
    }

    /// The number of a list that another one is but for rounding: programs compute 0.1 + 3 · 0.2, which is
    /// 0.7000000000000001. Whole numbers are exact.
    private func nearNumber(_ foreign: ParameterValue, among values: [ParameterValue]) -> ParameterValue? {
        guard let number = foreign.asNumber else { return nil }
        func distance(_ value: ParameterValue) -> Double? {
            guard let other = value.asNumber, !(other == other.rounded() && number == number.rounded()) else {
                return nil
            }
            let distance = (other - number).magnitude
            return distance <= 1e-9 * max(other.magnitude, number.magnitude) ? distance : nil
        }
        return values.compactMap { value in distance(value).map { (value, $0) } }.min { $0.1 < $1.1 }?.0
    }

    /// The legal value that a cell of a table stands for; else what the cell seems to hold.
    ///
    ///     Distribution.choice([.boolean(true), .null]).value(ofText: "True")       // true
    func value(ofText text: String) -> ParameterValue {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        var candidates = [ParameterValue.string(text)]
        if let json = ParameterValue(json: trimmed) { candidates.insert(json, at: 0) }
        if let number = Double(trimmed), !number.isNaN { candidates.append(.number(number)) }
        switch trimmed {
        case "True", "TRUE": candidates.append(.boolean(true))
        case "False", "FALSE": candidates.append(.boolean(false))
        case "None", "null", "nan", "NaN": candidates.append(.null)
        default: break
        }
        if let legal = candidates.lazy.compactMap(legalForm(of:)).first { return legal }
        let foreign = value(of: .string(text))
        if foreign != .string(text) { return foreign }
        // A number may be one of the list but for rounding.
        return value(of: candidates[0])
    }
}
