/// The files in a trial's folder that hold what its trainer printed, and nothing else.
///
///     TrialLog.errors.fileName        // stderr.log
public enum TrialLog: String, Sendable, Hashable, CaseIterable {
    case output = "stdout"
    case errors = "stderr"

    public var fileName: String { "\(rawValue).log" }
}
