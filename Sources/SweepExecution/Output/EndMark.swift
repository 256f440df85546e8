import Foundation
import TrialProtocol

/// What tells a trainer's end from its launcher's.
///
/// A launcher's exit status alone is not to be trusted: `srun` ends with 0 when its job was cancelled and would not go.
/// So behind a launcher a small shell runs the trainer, outlives the request to stop, and prints how the trainer ended
/// as the last line. Without that line the trainer was lost, whatever the launcher says.
public enum EndMark {
    private static let name = "revsweep_exit"

    /// What runs the command that follows as arguments: a program, then its arguments.
    public static let shell = [
        "/bin/sh", "-c",
        // A signal that is trapped, not ignored, still reaches the trainer; in the background it would ignore SIGINT.
        """
        trap : INT TERM HUP USR1 USR2; "$@"; code=$?; echo "{\\"\(name)\\": $code}"; exit $code
        """,
        "trainer",
    ]

    static func status(_ report: MetricReport) -> Int32? {
        report[name].flatMap { Int32(exactly: $0) }
    }

    static func isMark(_ report: MetricReport) -> Bool {
        report.metrics.count == 1 && report.metrics.first?.name == name
    }
}
