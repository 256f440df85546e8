import Foundation
import TrialProtocol

/// The line by which the trainer's own end is told from that of its launcher.
///
/// A launcher's exit status cannot be trusted: `srun` ends with 0 if its job was cancelled and did not stop. So behind
/// a launcher a small shell runs the trainer, survives the request to stop, and prints the trainer's exit status as
/// the last line: `{"revsweep_exit": 0}`. Without that line the trainer counts as lost, even if the launcher ends
/// with 0.
///
/// With `launcher: {command: [srun]}` and the trainer's command `[python3, train.py]` the command line is
///
///     srun /bin/sh -c 'trap : …; "$@"; code=$?; echo …' trainer /usr/bin/python3 train.py
public enum EndMark {
    private static let name = "revsweep_exit"

    /// The program and first arguments of that shell; the trainer's command is appended as further arguments.
    public static let shell = [
        "/bin/sh", "-c",
        // Trapped signals are reset in the child, ignored ones would be inherited. So the trainer is still stopped by
        // them while the shell is not. In the background (`&`) the shell would make the trainer ignore SIGINT.
        """
        trap : INT TERM HUP USR1 USR2; "$@"; code=$?; echo "{\\"\(name)\\": $code}"; exit $code
        """,
        "trainer",
    ]

    /// The trainer's exit status, as a shell gives it: 128 and the number of the signal if one ended it.
    ///
    /// Nil if the report is no end mark, or holds something that cannot be a status.
    static func status(_ report: MetricReport) -> Int32? {
        report[name].flatMap { Int32(exactly: $0) }
    }

    /// Whether a report is the end mark: it has that number and no other.
    static func isMark(_ report: MetricReport) -> Bool {
        report.metrics.count == 1 && report.metrics.first?.name == name
    }
}
