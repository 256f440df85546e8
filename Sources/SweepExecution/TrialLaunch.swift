/// All that is needed to start one attempt of a trial.
public struct TrialLaunch: Sendable, Hashable {
    /// An absolute path.
    public var program: String
    public var arguments: [String]
    /// Laid over the planner's own environment.
    public var environment: [String: String]
    /// Where the trainer is started; it exists. `stdout.log` and `stderr.log` in it receive what the trainer prints.
    public var directory: String
    /// How long the attempt may take; nil for as long as it likes.
    public var timeout: Duration?
    /// How long the trainer has between SIGTERM and SIGKILL.
    public var grace: Duration

    public init(
        program: String, arguments: [String], environment: [String: String], directory: String, timeout: Duration?,
        grace: Duration = .seconds(5)
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.timeout = timeout
        self.grace = grace
    }
}

/// How an attempt ended.
public enum TrialExit: Sendable, Hashable {
    case exited(Int32)
    case signaled(Int32)
    /// Stopped by the planner, at the time it was allowed.
    case timedOut
    /// There was no process, for the reason given.
    case notLaunched(String)
}
