import TrialProtocol

/// The program that is run once for each trial, and the surroundings it is run in.
public struct Trainer: Sendable, Hashable {
    /// The program, then its arguments; never empty. No shell reads them, so a space or quote in a value does no harm.
    public var command: [CommandTemplate]
    /// Variables that are set besides those that the trainer inherits.
    public var environment: [String: CommandTemplate]
    /// The folder it is started in; a relative path begins at the folder of the sweep file.
    public var directory: CommandTemplate
    /// The library of another tool by which it gets its values and says its results; nil for the protocol of revsweep.
    public var client: TrainerClient?
    /// What lines of text look like that are read as reports, besides those of JSON; empty where there are none.
    public var reports: [ReportPattern]

    public init(
        command: [CommandTemplate], environment: [String: CommandTemplate], directory: CommandTemplate,
        client: TrainerClient? = nil, reports: [ReportPattern] = []
    ) {
        self.command = command
        self.environment = environment
        self.directory = directory
        self.client = client
        self.reports = reports
    }
}

/// The library of another tool that a trainer was written for, which is served so that the trainer runs unchanged.
public struct TrainerClient: Sendable, Hashable {
    /// Which library; the raw value is the word that a sweep file has for it.
    public enum Library: String, Sendable, CaseIterable {
        /// Weights & Biases: values come as `wandb.config`, results go out by `run.log`.
        case wandb
    }

    public var library: Library
    /// Whether dotted names are parts of nested values: `optimizer.lr` is then `wandb.config["optimizer"]["lr"]`.
    public var isNested: Bool

    public init(_ library: Library, isNested: Bool = false) {
        self.library = library
        self.isNested = isNested
    }
}

/// A prefix to the trainer's command that runs it somewhere else, such as `srun -n1` on a cluster.
public struct Launcher: Sendable, Hashable {
    /// The signal that the launcher passes on to the trainer as a request to stop. Launchers differ in this: many
    /// handle some signals themselves.
    public enum StopSignal: String, Sendable, CaseIterable {
        case terminate = "TERM"
        case interrupt = "INT"
        case hangup = "HUP"
        case user1 = "USR1"
        case user2 = "USR2"
    }

    /// The launcher's program, then its arguments; never empty. The trainer's command follows them.
    public var command: [CommandTemplate]
    public var stopSignal: StopSignal

    public init(command: [CommandTemplate], stopSignal: StopSignal) {
        self.command = command
        self.stopSignal = stopSignal
    }
}
