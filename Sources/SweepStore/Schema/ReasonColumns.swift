import GRDB
import SweepModel

/// A `TrialReason` as columns of the table `trial`.
///
/// `cause` holds its kind and the other columns the details of that kind, so that SQL can count crashes by exit code;
/// the column `reason` holds the whole sentence for people and is never read back.
///
///     reason                    cause        exit_code  signal  peak        detail
///     crash: exit 1             crash        1
///     crash: signal 9           crash                   9
///     memory: peak 3072 MiB     memory                          3221225472
///     no metric                 no metric                                   (empty)
struct ReasonColumns {
    /// In `detail`, says that the exit code is the launcher's.
    private static let launcher = "launcher"

    var cause: TrialReason.Kind
    var exitCode: Int32?
    var signal: Int32?
    var peak: Int?
    var detail: String?

    init(_ reason: TrialReason) {
        cause = reason.kind
        switch reason {
        case .crash(.exit(let code)): exitCode = code
        case .crash(.signal(let number)): signal = number
        case .crash(.launcherExit(let code)): (exitCode, detail) = (code, Self.launcher)
        case .memory(let peak), .processes(let peak): self.peak = peak
        case .launch(let text), .noMetric(let text), .pruned(let text), .paused(let text), .told(let text):
            detail = text
        case .timeout, .stall, .diverged, .interrupted: break
        }
    }

    /// The part of an `UPDATE` after `SET`, with a question mark for each value that `values(_:)` gives.
    static let assignments = "cause = ?, reason = ?, exit_code = ?, signal = ?, peak = ?, detail = ?"

    /// The values for `assignments`; all are NULL where there is no reason.
    static func values(_ reason: TrialReason?) -> [(any DatabaseValueConvertible)?] {
        let columns = reason.map(ReasonColumns.init)
        return [
            columns?.cause.rawValue, reason?.description, columns?.exitCode, columns?.signal, columns?.peak,
            columns?.detail,
        ]
    }

    /// The reason that a row holds, if it holds one.
    ///
    /// - Throws: `DamagedRow` if the columns contradict each other.
    static func reason(_ row: StoredRow) throws -> TrialReason? {
        guard let kind = try row.ifPresent("cause", { row in { try row.word($0, as: TrialReason.Kind.self) } }) else {
            return nil
        }
        func number(_ column: String) throws -> Int32? {
            try row.ifPresent(column, StoredRow.integer).flatMap { Int32(exactly: $0) }
        }
        func required<Value>(_ value: Value?, _ column: String) throws -> Value {
            guard let value else { throw row.problem("'\(column)' is missing, and 'cause' is '\(kind.rawValue)'") }
            return value
        }
        let detail = try row.ifPresent("detail", StoredRow.text)
        switch kind {
        case .crash:
            if let signal = try number("signal") { return .crash(.signal(signal)) }
            let code = try required(number("exit_code"), "exit_code")
            return .crash(detail == launcher ? .launcherExit(code) : .exit(code))
        case .memory: return .memory(peak: try required(row.ifPresent("peak", StoredRow.integer), "peak"))
        case .processes: return .processes(peak: try required(row.ifPresent("peak", StoredRow.integer), "peak"))
        case .launch: return .launch(try required(detail, "detail"))
        case .noMetric: return .noMetric(hint: try required(detail, "detail"))
        case .pruned: return .pruned(try required(detail, "detail"))
        case .paused: return .paused(try required(detail, "detail"))
        case .told: return .told(try required(detail, "detail"))
        case .timeout: return .timeout
        case .stall: return .stall
        case .diverged: return .diverged
        case .interrupted: return .interrupted
        }
    }
}
