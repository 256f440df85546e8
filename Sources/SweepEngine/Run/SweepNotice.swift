import SweepModel
import TrialProtocol

/// What happens while a sweep runs, for a display or a test that follows it.
public enum SweepNotice: Sendable {
    /// These trials were running when an earlier planner was killed, and are run again.
    case recovered([Int])
    case started(TrialRecord)
    case reported(trial: Int, MetricReport)
    /// The attempt is over, and the trial with it unless it waits to be run again.
    case ended(TrialRecord)
    case stopping(SweepEnding)
    /// A sentence for the user: something holds the sweep up for now, or is not as it should be.
    case notice(String)
}
