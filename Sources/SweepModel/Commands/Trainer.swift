/// The program that is run once for each trial, and the surroundings it is run in.
public struct Trainer: Sendable, Hashable {
    /// The program, then its arguments; never empty. No shell reads them, so a space or quote in a value does no harm.
    public var command: [CommandTemplate]
    /// Variables that are set besides those that the trainer inherits.
    public var environment: [String: CommandTemplate]
    /// The folder it is started in; a relative path begins at the folder of the sweep file.
    public var directory: CommandTemplate

    public init(command: [CommandTemplate], environment: [String: CommandTemplate], directory: CommandTemplate) {
        self.command = command
        self.environment = environment
        self.directory = directory
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

    public var command: [CommandTemplate]
    public var stopSignal: StopSignal

    public init(command: [CommandTemplate], stopSignal: StopSignal) {
        self.command = command
        self.stopSignal = stopSignal
    }
}
