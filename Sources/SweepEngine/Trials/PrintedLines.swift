import ConfigFile
import Foundation
import JSONWriting
import SweepExecution
import TrialProtocol

/// What one attempt printed into one of its logs: the names in its reports, and the lines that are no reports.
struct PrintedLines {
    let metric: String
    /// Without reports; in their order.
    private(set) var lines: [String] = []
    /// Of the numbers that were reported, in the order they came.
    private(set) var names: [String] = []
    /// What stood under the metric's name and was no number.
    private(set) var other: String?
    /// Whether a line was a JSON object with a step and nothing else that could be reported.
    private(set) var hasStepAlone = false

    /// Whether nothing was found in it: it is empty, or no line of it was read.
    var isEmpty: Bool { lines.isEmpty && names.isEmpty && other == nil }

    /// The longest line that is read as a report, as in `LineSplitter`.
    static let maxBytes = 1 << 20

    /// The first and the last lines that one attempt wrote into a log; those that are cut are left out.
    private static func lines(of log: TrialLog, in directory: String, from start: Int) -> [[UInt8]] {
        let mostRead = 1 << 17
        let size = TrialFiles.size(of: log.fileName, in: directory)
        func lines(from start: Int) -> [[UInt8]] {
            let bytes = TrialFiles.bytes(of: log.fileName, in: directory, from: start, atMost: mostRead) ?? []
            return bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        }
        if size - start <= mostRead { return lines(from: start) }
        return lines(from: start).dropLast() + lines(from: max(start, size - mostRead)).dropFirst()
    }

    /// Sorts the lines into reports, of which only the names are kept, and others, which are kept as text.
    ///
    /// - Parameters:
    ///   - start: how many bytes of the log earlier attempts wrote.
    ///   - patterns: those of the sweep file, by which lines of text are reports.
    init(_ metric: String, of log: TrialLog, in directory: String, from start: Int, patterns: [ReportPattern]) {
        self.metric = metric
        var known: Set<String> = []
        var reader = ReportReader(patterns)
        for line in Self.lines(of: log, in: directory, from: start) {
            let report = reader.report(in: line)
            for metric in report?.metrics ?? [] where known.insert(metric.name).inserted { names.append(metric.name) }
            if other == nil, report?[metric] == nil, let object = MetricReport.object(in: line) {
                other = Self.other(metric, object)
            }
            if report != nil { continue }
            if let object = MetricReport.object(in: line), Self.hasStep(object) { hasStepAlone = true }
            // A progress bar begins its line again and again.
            let last = line.split(separator: UInt8(ascii: "\r")).last ?? []
            let text = String(decoding: last, as: UTF8.self)
            if !text.allSatisfy(\.isWhitespace) { self.lines.append(text) }
        }
    }

    /// The reported name that was probably meant: by few wrong letters, or because one name holds the other, as `loss`
    /// and `val_loss`. Nil if there is none.
    var nearest: String? {
        let wanted = metric.lowercased()
        return nearestName(to: metric, among: names)
            ?? names.first { $0.lowercased().contains(wanted) || wanted.contains($0.lowercased()) && !$0.isEmpty }
    }

    // MARK: What looks like the metric and is no number

    /// Words for what stands under the metric's name; nil if the object does not have it.
    private static func other(_ metric: String, _ object: [UInt8]) -> String? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(object)) as? [String: Any] else { return nil }
        guard let found = value[metric] else { return nil }
        switch found {
        case let text as String: return "it was the text \(excerpt(text)), not a number"
        case is NSNull: return "it was null, not a number"
        case is [Any]: return "it was a list, not a number"
        case is [String: Any]: return "it was an object, not a number"
        // Any number would have been read.
        case is NSNumber: return "it was true or false, not a number"
        default: return nil
        }
    }

    /// Whether the object has a number called `step`.
    private static func hasStep(_ object: [UInt8]) -> Bool {
        let value = try? JSONSerialization.jsonObject(with: Data(object)) as? [String: Any]
        return value?["step"] is NSNumber
    }

    /// What is wrong with the first line that names the metric.
    var mention: String? {
        guard let place = lines.firstIndex(where: namesMetric) else { return nil }
        let line = lines[place]
        let shown = "the line \(Self.excerpt(line))"
        if line.contains("'\(metric)':") || line.contains("'\(metric)'") && line.contains("{") {
            return "\(shown) is how Python prints a dict, and no JSON: json.dumps makes it that"
        }
        if isPartOfObject(place) { return "the JSON object was spread over several lines" }
        if line.contains("{\""), !line.trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix("}") {
            return "\(shown) does not end with its JSON object"
        }
        return "\(shown) is no report"
    }

    /// The pattern that would read the metric in the first line that names it; nil if no number follows the name there.
    ///
    ///     epoch 3: val_loss = 0.41      val_loss = {val_loss}
    ///     {'val_loss': 0.41}            'val_loss': {val_loss}
    var pattern: ReportPattern? {
        guard let line = lines.first(where: namesMetric), let name = line.range(of: metric) else { return nil }
        let rest = line[name.upperBound...].prefix(20)
        let between = rest.prefix { " \t:=|'\",;>".contains($0) }
        guard !between.isEmpty, between.count <= 4 else { return nil }
        let quote = line[..<name.lowerBound].last.flatMap { $0 == between.first && "'\"".contains($0) ? $0 : nil }
        let text = "\(quote.map(String.init) ?? "")\(metric)\(between){\(metric)}"
        guard let pattern = try? ReportPattern(text) else { return nil }
        var reader = ReportReader([pattern])
        return reader.report(in: Array(line.utf8)) == nil ? nil : pattern
    }

    /// Whether the metric's name is there as a word: `m` is not in `memory`.
    private func namesMetric(_ line: String) -> Bool {
        if metric.isEmpty { return false }
        func isPartOfWord(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        return line.ranges(of: metric).contains { range in
            let before = range.lowerBound == line.startIndex ? nil : line[line.index(before: range.lowerBound)]
            let after = range.upperBound == line.endIndex ? nil : line[range.upperBound]
            return !isPartOfWord(before) && !isPartOfWord(after)
        }
    }

    /// Whether the line is one of a JSON object that some lines before and after it make. Something else may stand
    /// before the object and after it.
    private func isPartOfObject(_ place: Int) -> Bool {
        guard lines[place].contains("\"\(metric)\"") else { return false }
        let most = 40
        for first in lines.indices[...place].suffix(most).reversed() {
            guard let brace = lines[first].firstIndex(of: "{") else { continue }
            for last in lines.indices[place...].prefix(most) where first < last {
                guard let end = lines[last].lastIndex(of: "}") else { continue }
                let middle = lines[first + 1..<last]
                let text = ([lines[first][brace...]] + middle.map { $0[...] } + [lines[last][...end]])
                    .joined(separator: "\n")
                if (try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil { return true }
            }
        }
        return false
    }

    // MARK: Text

    /// The name in quotes, as messages show it.
    static func quoted(_ name: String) -> String { "'\(visible(name))'" }

    /// The beginning of a text, such that it can be seen what is in it.
    static func excerpt(_ text: String) -> String {
        let most = 80
        return "\"\(visible(String(text.prefix(most))))\(text.count > most ? "…" : "")\""
    }

    /// Without what would move a cursor or turn the direction of writing.
    private static func visible(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isHiddenOnTerminal {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
