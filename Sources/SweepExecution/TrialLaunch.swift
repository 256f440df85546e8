import Foundation
import TrialProtocol

/// Everything that is needed to start one attempt of a trial: the command, its folder, and its limits.
///
///     let launch = TrialLaunch(
///         program: "/usr/bin/python3", arguments: ["train.py", "--lr=0.1"], environment: ["REVSWEEP_TRIAL": "12"],
///         directory: "/sweeps/digits/trials/000012", files: ["params.json": #"{"lr": 0.1}"#],
///         timeout: .seconds(3600), memory: 2 << 30)
///     launch.workingDirectory      // "/sweeps/digits/trials/000012"
///     launch.grace                 // 5 seconds
public struct TrialLaunch: Sendable, Hashable {
    /// The absolute path of the program; `ProgramSearch.find` gives it.
    public var program: String
    /// Without the program's name.
    public var arguments: [String]
    /// Variables that are added to the planner's own environment, or replace those of the same name in it.
    public var environment: [String: String]
    /// The absolute path of the trial's own folder, which is made if it does not exist. `stdout.log` and `stderr.log`
    /// in it receive what the trainer prints.
    public var directory: String
    /// Texts that are written into the folder before the trainer starts, by file name.
    public var files: [String: String]
    /// The directory in which the trainer is started.
    public var workingDirectory: String
    /// How long the attempt may take; nil for no limit.
    public var timeout: Duration?
    /// How long the trainer may print nothing; nil for no limit.
    public var stall: Duration?
    /// How many bytes of memory its processes may use together; nil for no limit.
    public var memory: Int?
    /// How many processes it may have at a time; nil for no limit.
    public var processes: Int?
    /// The signal that asks the trainer to stop.
    public var stopSignal: Int32
    /// How long the trainer may go on after that signal before it gets SIGKILL.
    public var grace: Duration
    /// Whether the program is a launcher that runs the trainer elsewhere, such as `srun`.
    ///
    /// The trainer's end is then taken from its last line and not from the launcher's status: see `EndMark`. And the
    /// launcher is always sent SIGTERM before SIGKILL: if `srun` is killed with SIGKILL alone, its job goes on.
    public var isRemote: Bool
    /// What lines of text look like that are read as reports, besides those of JSON.
    public var reportPatterns: [ReportPattern]

    /// A launch whose `workingDirectory` is, unless given, the trial's own folder.
    public init(
        program: String, arguments: [String], environment: [String: String], directory: String,
        files: [String: String] = [:], workingDirectory: String? = nil, timeout: Duration?,
        stall: Duration? = nil, memory: Int? = nil, processes: Int? = nil, stopSignal: Int32 = SIGTERM,
        grace: Duration = .seconds(5), isRemote: Bool = false, reportPatterns: [ReportPattern] = []
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
        self.reportPatterns = reportPatterns
    }
}

/// How an attempt ended.
public enum TrialExit: Sendable, Hashable {
    /// The trainer ended with this exit status.
    case exited(Int32)
    /// This signal ended the trainer. The planner may have sent it, after a `StopRequest`, or the system or a user.
    case signaled(Int32)
    /// The planner stopped it after `TrialLaunch.timeout`.
    case timedOut
    /// The planner stopped it because it had printed nothing for `TrialLaunch.stall`.
    case stalled
    /// The planner killed it for its use of memory; `peak` is the largest use seen, in bytes.
    case outOfMemory(peak: Int)
    /// The planner killed it for its number of processes; `peak` is the number seen.
    case tooManyProcesses(peak: Int)
    /// The launcher ended with this status, and the trainer's own status never arrived.
    case lost(status: Int32)
    /// The trainer could not be started, for the reason given.
    case notLaunched(String)
    /// The planner stopped it because its output could not be written to the log, for the reason given.
    case notLogged(String)
    /// The trainer was not started: this machine has no room for the trial's files, for the reason given.
    case noRoom(String)
}
