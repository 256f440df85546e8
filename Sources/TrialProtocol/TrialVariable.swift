/// The environment variables that a trainer is started with. They tell it what to do and where to write; they also mark
/// every process it starts, so that the planner and its guardians find these again.
///
///     let folder = ProcessInfo.processInfo.environment[TrialVariable.trialDirectory.rawValue]
public enum TrialVariable: String, Sendable, CaseIterable {
    /// The sweep's name.
    case sweep = "REVSWEEP_SWEEP"
    /// The trial's number, from 0.
    case trial = "REVSWEEP_TRIAL"
    /// How often the trial has been started, including this time: 1 for the first attempt.
    case attempt = "REVSWEEP_ATTEMPT"
    /// The absolute path of the folder for everything the trial writes.
    case trialDirectory = "REVSWEEP_TRIAL_DIR"
    /// The absolute path of the trial's configuration file; set if the sweep has a base configuration.
    case config = "REVSWEEP_CONFIG"
    /// The trial's active parameters as one JSON object; not set if that is too large for a variable.
    case parameters = "REVSWEEP_PARAMS"
    /// The absolute path of a file that holds the same object, if one was written.
    case parametersFile = "REVSWEEP_PARAMS_FILE"
    /// A seed of 31 bits that differs from trial to trial and is the same in every attempt.
    case seed = "REVSWEEP_SEED"
    /// A token of the planner that runs now, which all processes that descend from it inherit.
    case planner = "REVSWEEP_PLANNER"
    /// If the planner was itself started as a trainer: the outer planners' tokens and the folders of their trials, one
    /// a line.
    case outer = "REVSWEEP_OUTER"
}
