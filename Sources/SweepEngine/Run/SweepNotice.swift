import SweepModel
import TrialProtocol

/// What happens while a sweep runs, for a display or a test that follows it.
public enum SweepNotice: Sendable {
    /// These trials were running when an earlier planner was killed, and are run again.
    case recovered([Int])
    /// Its first attempt or a further one begins; the process may not exist yet.
    case started(TrialRecord)
    /// The last report of each piece of output. A display that followed all of them could hold up a trainer that prints
    /// much.
    case reported(trial: Int, MetricReport)
    /// A running trial was compared with others, and goes on.
    case judged(TrialDecision)
    /// The attempt is over, and the trial with it unless it waits to be run again.
    case ended(TrialRecord)
    /// The sweep ends for this reason as soon as the running trials have ended; sent for each interruption anew.
    case stopping(SweepEnding)
    /// A sentence for the user: something holds the sweep up for now, or is not as it should be.
    case notice(String)
}
