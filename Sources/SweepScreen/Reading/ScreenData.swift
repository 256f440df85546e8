import ImportanceAnalysis
import SweepReport
import TrialProtocol

/// What one look at the files found.
public enum ScreenData: Sendable {
    case overviews([SweepOverview])
    /// Nil if nothing of it could be read.
    case content(SweepContent?, directory: String)
    case curves([Int: TrialCurve], directory: String)
    case importance(PedANOVA, directory: String)
    case log([String], LogChoice, directory: String)
}

/// Which of a trial's logs is wanted.
public struct LogChoice: Sendable, Hashable {
    public var trial: Int
    public var log: TrialLog

    public init(trial: Int, log: TrialLog) {
        self.trial = trial
        self.log = log
    }
}

/// What the screen shows now, and so has to be kept up to date.
public struct ScreenRequest: Sendable, Hashable {
    /// The folder of the sweep whose trials are shown.
    public var sweep: String?
    public var curves: [Int] = []
    public var log: LogChoice?
    public var needsImportance = false

    public init() {}
}
