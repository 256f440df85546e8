import Foundation
import SweepExecution
import SweepModel
import SweepScreen

/// The end of a trial's log, to be read by a person.
///
///     LogTail.lines(100, of: LogChoice(trial: 12, stream: .errors), in: "results/digits")
enum LogTail {
    /// More than a screen of long lines.
    private static let maxBytes = 1 << 17

    /// The last lines; none if there is no such file. A line that begins again, as those of progress bars do, is as it
    /// was last, and colours are left out.
    static func lines(_ count: Int, of log: LogChoice, in directory: String) -> [String] {
        let folder = "\(directory)/\(TrialRecord.folder(of: log.trial))"
        let bytes = TrialFiles.tail(of: log.stream.rawValue, in: folder, from: 0, atMost: maxBytes) ?? []
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        let plain = text.utf8.contains(0x1B) ? text.replacing(/\u{1B}\[[0-9;:]*m/, with: "") : text
        var lines = plain.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.suffix(count).map { line in
            String(line.split(separator: "\r").last ?? "").replacing("\t", with: "    ")
        }
    }
}
