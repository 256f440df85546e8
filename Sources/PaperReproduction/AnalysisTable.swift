import Foundation
import Tables

/// A table as the analyses of `revmlp` write it.
struct AnalysisTable {
    struct Row {
        let path: String
        let line: Int
        let cells: [String: String]

        func text(_ column: String) throws(EvidenceError) -> String {
            guard let text = cells[column] else {
                throw EvidenceError(path: path, line: line, problem: "there is no column '\(column)'")
            }
            return text
        }

        func integer(_ column: String) throws(EvidenceError) -> Int {
            let text = try text(column)
            guard let number = Int(text) else {
                throw EvidenceError(path: path, line: line, problem: "'\(column)' is '\(text)', no whole number")
            }
            return number
        }

        /// Nil where the cell is empty: the analysis had no number to give.
        func number(_ column: String) throws(EvidenceError) -> Double? {
            let text = try text(column)
            if text.isEmpty { return nil }
            guard let number = Double(text) else {
                throw EvidenceError(path: path, line: line, problem: "'\(column)' is '\(text)', no number")
            }
            return number
        }
    }

    let rows: [Row]

    /// An empty table if there is no such file.
    init(ifPresent path: String) throws(EvidenceError) {
        guard FileManager.default.fileExists(atPath: path) else {
            rows = []
            return
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw EvidenceError(path: path, line: nil, problem: "it cannot be read as UTF-8")
        }
        let lines: [CSVReader.Row]
        do { lines = try CSVReader.rows(of: text) } catch {
            throw EvidenceError(path: path, line: error.line, problem: "a quotation mark is not closed")
        }
        let names = lines.first?.cells.map(\.text) ?? []
        rows = lines.dropFirst().map { line in
            Row(
                path: path, line: line.line,
                cells: Dictionary(zip(names, line.cells.map(\.text)), uniquingKeysWith: { first, _ in first }))
        }
    }
}

/// A table that cannot be read.
public struct EvidenceError: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: String
    /// From 1.
    public var line: Int?
    public var problem: String

    public var description: String { path + (line.map { ":\($0)" } ?? "") + ": \(problem)" }
}
