/// The environment variables that a trainer is started with.
public enum TrialVariable: String, Sendable, CaseIterable {
    /// The sweep's name.
    case sweep = "REVSWEEP_SWEEP"
    /// The trial's number, from 0.
    case trial = "REVSWEEP_TRIAL"
    /// How often the trial has been started, this time included: 1 for the first.
    case attempt = "REVSWEEP_ATTEMPT"
    /// The folder for what the trial writes; an absolute path.
    case trialDirectory = "REVSWEEP_TRIAL_DIR"
    /// The trial's configuration file, where the sweep has a base configuration; an absolute path.
    case config = "REVSWEEP_CONFIG"
    /// The trial's active parameters as one JSON object; not there if that is too large for a variable.
    case parameters = "REVSWEEP_PARAMS"
    /// A file that holds them, where there is one; an absolute path.
    case parametersFile = "REVSWEEP_PARAMS_FILE"
    /// A seed of 31 bits that differs from trial to trial and is the same in every attempt.
    case seed = "REVSWEEP_SEED"
    /// Names the running planner, and so everything that descends from it.
    case planner = "REVSWEEP_PLANNER"
    /// Where a trainer is itself a planner: the outer planners and the folders of their trials, a line each.
    case outer = "REVSWEEP_OUTER"
}
