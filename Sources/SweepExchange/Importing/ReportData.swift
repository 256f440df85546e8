import Files
import ReportFormat
import SweepModel
import SweepSearch

/// The columns of one sweep in a report, checked as they are read: each has to have as many elements as it must.
///
///     let data = ReportData(path: "digits.html", sweep: "digits", node: node)
///     let values = try data.numbers("value", count: 60)
struct ReportData {
    /// The report's file.
    let path: String
    /// The sweep's name.
    let sweep: String
    let node: ParameterValue

    /// What the report does not say as it must.
    func damaged(_ place: String, _ problem: String) -> ExchangeError {
        ExchangeError(
            path, "the data of the sweep '\(sweep)' are damaged: \(place): \(problem)",
            help: "revsweep report \(shell: sweep) writes the file anew")
    }

    /// What a mapping of the sweep, such as `decisions`, holds.
    func part(_ key: String) throws(ExchangeError) -> ReportData {
        guard let part = node[key], case .mapping = part else { throw damaged(key, "it is missing") }
        return ReportData(path: path, sweep: sweep, node: part)
    }

    // MARK: Columns

    /// - Parameters:
    ///   - place: its key, in words for a message.
    ///   - count: how many elements it must have; nil if it is the first of its kind.
    func column(_ key: String, in place: String = "", count: Int?) throws(ExchangeError) -> ReportColumn {
        let place = place.isEmpty ? "'\(key)'" : place
        guard let column = node[key] else { throw damaged(place, "the column is missing") }
        guard let word = column["type"]?.asText, let kind = ReportColumn.Kind(rawValue: word),
            let base64 = column["data"]?.asText
        else { throw damaged(place, "it is no column") }
        do {
            return try ReportColumn(kind, base64: base64, isPacked: column["packed"] == .boolean(true), count: count)
        } catch { throw damaged(place, "\(error)") }
    }

    func numbers(_ key: String, count: Int) throws(ExchangeError) -> [Double] {
        guard let numbers = try column(key, count: count).numbers else {
            throw damaged("'\(key)'", "it holds no numbers")
        }
        return numbers
    }

    func integers(_ key: String, count: Int?) throws(ExchangeError) -> [Int] {
        guard let integers = try column(key, count: count).integers else {
            throw damaged("'\(key)'", "it holds no integers")
        }
        return integers
    }

    func texts(_ key: String, count: Int) throws(ExchangeError) -> [String] {
        guard let texts = try column(key, count: nil).texts(count: count) else {
            throw damaged("'\(key)'", "it does not hold \(count) texts")
        }
        return texts
    }

    /// The words of a column of places.
    func words(_ key: String, count: Int?) throws(ExchangeError) -> [ParameterValue] {
        let places = try integers(key, count: count)
        guard case .list(let words)? = node[key]?["words"] else { throw damaged("'\(key)'", "its words are missing") }
        guard places.allSatisfy(words.indices.contains) else { throw damaged("'\(key)'", "it has no such word") }
        return places.map { words[$0] }
    }

    // MARK: Lists

    /// Where the entries of each trial begin and end in the columns of a list.
    func ranges(count: Int) throws(ExchangeError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(count)
        var start = 0
        for length in try integers("lengths", count: count) {
            if length < 0 { throw damaged("'lengths'", "\(length) is no length") }
            let (end, isTooLarge) = start.addingReportingOverflow(length)
            if isTooLarge || end > Self.maxEntries { throw damaged("'lengths'", "there are more than in any sweep") }
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }

    /// A list has no more entries than this, all trials together.
    private static let maxEntries = 1 << 24
}
