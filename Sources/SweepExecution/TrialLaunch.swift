import Foundation

/// All that is needed to start one attempt of a trial.
public struct TrialLaunch: Sendable, Hashable {
    /// An absolute path.
    public var program: String
    public var arguments: [String]
    /// Laid over the planner's own environment.
    public var environment: [String: String]
    /// The trial's own folder, made if it is not there. `stdout.log` and `stderr.log` in it receive what the trainer
    /// prints.
    public var directory: String
    /// What is written into it before, by name.
    public var files: [String: String]
    /// Where the trainer is started.
    public var workingDirectory: String
    /// How long the attempt may take; nil for as long as it likes.
    public var timeout: Duration?
    /// How long it may print nothing; nil for as long as it likes.
    public var stall: Duration?
    /// How many bytes of memory its processes may use together; nil for as many as there are.
    public var memory: Int?
    /// How many processes it may have at a time; nil for as many as it likes.
    public var processes: Int?
    /// What asks the trainer to stop.
    public var stopSignal: Int32
    /// How long the trainer has between that and SIGKILL.
    public var grace: Duration
    /// Whether the program is a launcher that runs the trainer somewhere else. The trainer's end is then only believed
    /// when its last line says so, see `EndMark`; and a launcher is never killed before it was asked to clean up: the
    /// job of an `srun` that is killed outright stays where it is.
    public var isRemote: Bool

    public init(
        program: String, arguments: [String], environment: [String: String], directory: String,
        files: [String: String] = [:], workingDirectory: String? = nil, timeout: Duration?,
        stall: Duration? = nil, memory: Int? = nil, processes: Int? = nil, stopSignal: Int32 = SIGTERM,
        grace: Duration = .seconds(5), isRemote: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.files = files
        self.workingDirectory = workingDirectory ?? directory
        self.timeout = timeout
        self.stall = stall
        self.memory = memory
        self.processes = processes
        self.stopSignal = stopSignal
        self.grace = grace
        self.isRemote = isRemote
    }
}

/// How an attempt ended.
public enum TrialExit: Sendable, Hashable {
    case exited(Int32)
    case signaled(Int32)
    /// Stopped by the planner, at the time it was allowed.
    case timedOut
    /// Stopped by the planner: it had printed nothing for too long.
    case stalled
    /// Killed by the planner; at most so many bytes were seen in use.
    case outOfMemory(peak: Int)
    /// Killed by the planner; at most so many processes were seen at a time.
    case tooManyProcesses(peak: Int)
    /// The launcher ended, with this status, and the trainer's own end was never heard of.
    case lost(status: Int32)
    /// There was no process, for the reason given.
    case notLaunched(String)
    /// Stopped by the planner: what it printed could not be kept, for the reason given.
    case notLogged(String)
    /// There was no process: this machine has no room for the trial's files, for the reason given.
    case noRoom(String)
}
