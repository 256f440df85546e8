import SweepModel

/// Why a sweep cannot go on, though its file and its database are all right.
///
/// All but `tooLittle` end a run that had begun: the trainers have been stopped, and the sweep can be resumed once the
/// cause is removed.
///
///     SweepRunError.trainerDoesNotStart("'train.sh' is not executable").description
///     // "the trainer does not start: 'train.sh' is not executable"
public enum SweepRunError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Several launches in a row failed; each costs a trial of the budget.
    case trainerDoesNotStart(String)
    /// The first trials failed in one way, and others would as well. The reason is that of the last of them, and
    /// `errors` are its last words.
    case everyTrialFailsAlike(count: Int, trial: Int, reason: TrialReason?, errors: String?, log: String)
    /// What a trainer prints cannot be kept: a full disk, mostly.
    case outputIsLost(String)
    /// This machine has no room for a trial's files.
    case noRoom(String)
    /// This machine has less than the sweep asks for.
    case tooLittle(String)

    /// One line for the user, without "error:".
    public var description: String {
        switch self {
        case .trainerDoesNotStart(let detail): "the trainer does not start: \(detail)"
        case .everyTrialFailsAlike(let count, let trial, let reason, let errors, let log):
            "the first \(count) trials have all failed alike, which other values will hardly change; trial \(trial): "
                + (reason?.description ?? "") + (errors?.split(separator: "\n").last.map { ": \($0)" } ?? "")
                + "; its log: \(log)"
        case .outputIsLost(let detail): "what a trainer prints cannot be kept: \(detail)"
        case .noRoom(let detail): "the files of a trial cannot be written: \(detail)"
        case .tooLittle(let detail): detail
        }
    }
}
