import Foundation
import TrialProtocol

/// Where in a trial's logs its attempts begin: all attempts add to the same two files, which hold what trainers printed
/// and nothing else.
///
/// It is one line for each attempt behind the first, in the file `attempts.log` of the trial's folder:
///
///     attempt 2 begins at byte 1834 of stdout.log and at byte 210 of stderr.log
public struct LogMarks: Sendable, Hashable {
    public static let fileName = "attempts.log"

    /// By attempt, the place in each log; the first attempt begins at 0.
    private var starts: [Int: [TrialLog: Int]] = [:]

    /// What the file in a trial's folder says; nothing if there is none. Lines that are none of ours are left out: a
    /// trainer may write anything there.
    public init(in directory: String) {
        let maxSize = 1 << 20
        let bytes = TrialFiles.bytes(of: Self.fileName, in: directory, from: 0, atMost: maxSize) ?? []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 14, words[0] == "attempt", let attempt = Int(words[1]),
                let output = Int(words[5]), let errors = Int(words[11]), min(output, errors) >= 0
            else { continue }
            starts[attempt] = [.output: output, .errors: errors]
        }
    }

    /// The text of the file with another attempt, which begins where the logs end now; nil for the first attempt,
    /// which needs none.
    public static func text(adding attempt: Int, in directory: String) -> String? {
        guard attempt > 1 else { return nil }
        var marks = LogMarks(in: directory)
        for log in TrialLog.allCases {
            marks.starts[attempt, default: [:]][log] = TrialFiles.size(of: log.fileName, in: directory)
        }
        return marks.starts.sorted { $0.key < $1.key }.map { attempt, places in
            "attempt \(attempt) begins at byte \(places[.output] ?? 0) of \(TrialLog.output.fileName) "
                + "and at byte \(places[.errors] ?? 0) of \(TrialLog.errors.fileName)\n"
        }.joined()
    }

    /// The byte at which an attempt begins in a log; nil if that is not known, as for trials that a release has run
    /// which did not note it.
    public func start(of attempt: Int, in log: TrialLog) -> Int? { attempt == 1 ? 0 : starts[attempt]?[log] }

    /// The byte at which the next attempt that is known of begins; nil if there is none.
    public func end(of attempt: Int, in log: TrialLog) -> Int? {
        starts.filter { $0.key > attempt }.min { $0.key < $1.key }?.value[log]
    }
}
