import SweepExecution
import SweepModel
import TrialProtocol

/// The end of a trial's log, to be read by a person.
///
///     LogTail.lines(100, of: .errors, ofTrial: 12, in: "results/digits")
enum LogTail {
    /// More than a screen of long lines.
    private static let maxBytes = 1 << 17

    /// The last lines; none if there is no such file. A line that begins again, as those of progress bars do, is as it
    /// was last, and colours are left out.
    ///
    /// - Parameter directory: the sweep's own folder.
    static func lines(_ count: Int, of log: TrialLog, ofTrial trial: Int, in directory: String) -> [String] {
        let folder = "\(directory)/\(TrialRecord.folder(of: trial))"
        let bytes = TrialFiles.tail(of: log.fileName, in: folder, from: 0, atMost: maxBytes) ?? []
        let text = LogText.withoutColors(String(decoding: bytes, as: UTF8.self)).replacing("\r\n", with: "\n")
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        // The first one may be the end of a longer line.
        if bytes.count == maxBytes, lines.count > 1 { lines.removeFirst() }
        return lines.suffix(count).map { line in
            String(line.split(separator: "\r").last ?? "").replacing("\t", with: "    ")
        }
    }
}
