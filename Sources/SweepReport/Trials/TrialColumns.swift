import ConfigFile
import Foundation
import SweepModel
import SweepSearch
import SweepStore
import Tables

/// The columns of a table of trials, as a user has chosen them.
///
///     let columns = try TrialColumns("number,value,learning_rate", of: fields, in: store)
///     print(columns.table(of: trials, try columns.lastValues(in: store)).text)
public struct TrialColumns: Sendable {
    /// The names as the user wrote them, which are also the titles.
    private let names: [String]
    private let fields: [TrialField]

    /// - Parameter list: names of fields with commas between them.
    /// - Throws: `DiagnosticsError` with the nearest name if there is no such field; `SweepStoreError`.
    public init(_ list: String, of fields: TrialFields, in store: SweepStore) throws {
        names = list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        if names.isEmpty {
            throw DiagnosticsError([
                Diagnostic(path: "--columns", message: "there is no field in it", help: "as in --columns number,value")
            ])
        }
        self.fields = try names.map { try fields.known($0, option: "--columns", in: store) }
    }

    /// The last values of the metrics that are shown, by name and trial.
    ///
    /// - Throws: `SweepStoreError`.
    public func lastValues(in store: SweepStore) throws -> [String: [Int: Double]] {
        var values: [String: [Int: Double]] = [:]
        for case .metric(let name) in fields where values[name] == nil {
            values[name] = try store.lastValues(ofMetric: name)
        }
        return values
    }

    /// The table of these trials.
    ///
    /// - Parameter lastValues: what ``lastValues(in:)`` gives.
    public func table(of trials: [TrialRecord], _ lastValues: [String: [Int: Double]]) -> Table {
        Table(names: names, fields: fields, trials: trials, lastValues: lastValues)
    }

    /// Trials in chosen columns.
    public struct Table: Sendable {
        fileprivate var names: [String]
        fileprivate var fields: [TrialField]
        fileprivate var trials: [TrialRecord]
        fileprivate var lastValues: [String: [Int: Double]]

        /// The table for people; nothing in it can command a terminal.
        public var text: String {
            var table = TextTable(safe: zip(names, fields).map { ($0, $1.isText ? .left : .right) })
            for trial in trials { table.add(safe: fields.map { text(of: $0, trial) }) }
            return table.text
        }

        private func text(of field: TrialField, _ trial: TrialRecord) -> String {
            switch field {
            case .seconds: trial.seconds(at: Date()).map(HumanText.duration(seconds:)) ?? ""
            case .reason: trial.whyAtOneGlance
            case .number, .state, .value, .attempt, .started, .ended, .origin, .source, .seed, .parameter, .metric,
                .objective:
                field.value(of: trial, lastValues).map(HumanText.value) ?? ""
            }
        }

        /// A header and one line for each trial, with all digits, in pieces.
        ///
        /// - Parameter write: is given one piece after the other.
        /// - Throws: whatever `write` throws.
        public func writeCSV(_ write: (String) throws -> Void) rethrows {
            var piece = CSVText.line(names)
            for trial in trials {
                piece += CSVText.line(fields.map { $0.value(of: trial, lastValues)?.argument ?? "" })
                if piece.utf8.count > 1 << 16 {
                    try write(piece)
                    piece = ""
                }
            }
            try write(piece)
        }
    }
}

extension TrialField {
    /// Whether it is a text, which stands at the left of its column.
    fileprivate var isText: Bool {
        switch self {
        case .state, .reason, .started, .ended, .origin: true
        case .number, .value, .seconds, .attempt, .source, .seed, .parameter, .metric, .objective: false
        }
    }
}
