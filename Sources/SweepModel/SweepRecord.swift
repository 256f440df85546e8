import Foundation

/// What the store keeps about a sweep as a whole: its one row in the table `sweep`.
///
/// It holds the texts of the files, not what they mean: any release can store and show them, and only reading them
/// (`SweepFile`) depends on the language of sweep files.
public struct SweepRecord: Sendable, Hashable {
    public var name: String
    /// The numbers that it optimizes; mostly one.
    public var objectives: Objectives
    /// The names in the order of the sweep file, which is also the order of the columns of the view `trials_wide`.
    public var parameterNames: [String]
    /// For how many of the trials just before it a trial's plan does not wait (see `Planning.reproducible`); nil where
    /// plans use whatever has ended.
    public var lag: Int?
    /// The sweep file as it was when the sweep was started, or when a change of it was last accepted, and the path it
    /// was read from.
    public var file: StoredFile
    /// The base configuration at the same time; nil where the sweep has none.
    public var base: StoredFile?
    /// The folder of the sweep file, absolute.
    public var directory: String
    /// The folder in which trainers start if the file does not name one: `{sweep_dir}`, or `{trial_dir}` in sweeps
    /// that were started by a release which used the trial's own folder. Such a sweep must not change under its user.
    public var trainerDirectory: String
    /// The path from the sweep's own folder to `directory`, such as `../../sweeps`. It still holds after the whole
    /// project was moved. Nil in sweeps of releases that did not store it.
    public var relativeDirectory: String?
    /// The absolute path at which PATH had the trainer's program when the sweep was started: a later planner with
    /// another PATH then still runs the same program. Nil where the file gives a path, and in sweeps of releases that
    /// did not store it.
    public var program: String?
    /// When the sweep was made; a change of its file leaves this as it is.
    public var created: Date

    /// The text of a file, kept so that the sweep can go on after the file was edited or deleted.
    public struct StoredFile: Sendable, Hashable {
        /// The path by which it was read, which may be relative.
        public var path: String
        public var text: String

        public init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// The number that it optimizes; of several the first.
    public var metric: Metric { objectives.metric }

    /// - Parameter objectives: nil where the metric is all that counts.
    public init(
        name: String, metric: Metric, objectives: Objectives? = nil, parameterNames: [String], lag: Int?,
        file: StoredFile, base: StoredFile?,
        directory: String, trainerDirectory: String = "{sweep_dir}",
        relativeDirectory: String? = nil, program: String? = nil, created: Date
    ) {
        self.name = name
        self.objectives = objectives ?? Objectives([metric])
        self.parameterNames = parameterNames
        self.lag = lag
        self.file = file
        self.base = base
        self.directory = directory
        self.trainerDirectory = trainerDirectory
        self.relativeDirectory = relativeDirectory
        self.program = program
        self.created = created
    }
}
