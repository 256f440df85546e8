import TrialProtocol

/// What a planner tells a trainer through its environment.
///
///     PlannerEnvironment.trialDirectory(["REVSWEEP_TRIAL_DIR": "/results/digits/trials/000012"])
///     // "/results/digits/trials/000012"
///     PlannerEnvironment.isRepeated(["REVSWEEP_ATTEMPT": "2"])      // true
///     PlannerEnvironment.isRepeated([:])                            // false
public enum PlannerEnvironment {
    /// The folder that the trial may write to; `nil` where no planner started this process.
    public static func trialDirectory(_ environment: [String: String]) -> String? {
        environment[TrialVariable.trialDirectory.rawValue].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a planner started this process, which then reads what it prints.
    public static func isPresent(_ environment: [String: String]) -> Bool {
        TrialVariable.allCases.contains { environment[$0.rawValue].map { !$0.isEmpty } ?? false }
    }

    /// Whether the trial was started before. A planner counts what each attempt reports from the beginning, so a
    /// resumed run reports its earlier epochs again.
    public static func isRepeated(_ environment: [String: String]) -> Bool {
        environment[TrialVariable.attempt.rawValue].flatMap { Int($0) }.map { $0 > 1 } ?? false
    }
}
