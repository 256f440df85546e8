/// The programs that a trial is started with, all absolute.
public struct TrialPrograms: Sendable, Hashable {
    /// The program that the sweep file names first in `trainer.command`.
    public var trainer: String
    /// What runs the trainer somewhere else; nil for here.
    public var launcher: String?
    /// What keeps a trainer to its cores; nil where trials use all.
    public var taskset: String?

    public init(trainer: String, launcher: String? = nil, taskset: String? = nil) {
        self.trainer = trainer
        self.launcher = launcher
        self.taskset = taskset
    }
}
