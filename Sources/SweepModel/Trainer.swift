/// The program that is run once for each trial.
public struct Trainer: Sendable, Hashable {
    /// Never a shell line: the program, then its arguments. Not empty.
    public var command: [CommandTemplate]
    public var environment: [String: CommandTemplate]
    /// Where it is started; a relative path starts at the folder of the sweep file.
    public var directory: CommandTemplate

    public init(command: [CommandTemplate], environment: [String: CommandTemplate], directory: CommandTemplate) {
        self.command = command
        self.environment = environment
        self.directory = directory
    }
}

/// A prefix to the trainer's command, which runs it somewhere else.
public struct Launcher: Sendable, Hashable {
    /// What the launcher passes on as a request to stop.
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
