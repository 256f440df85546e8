import Foundation

/// What the store knows of the sweep as a whole.
public struct SweepRecord: Sendable, Hashable {
    public var name: String
    public var metric: Metric
    /// In the order of the sweep file; the columns of the view `trials_wide`.
    public var parameterNames: [String]
    /// How many trials before it a trial's plan does not wait for; nil where plans rest on whatever has ended.
    public var lag: Int?
    /// The sweep file, as it was when the sweep was started, and the path it was read from.
    public var file: StoredFile
    public var base: StoredFile?
    /// The folder of the sweep file, absolute.
    public var directory: String
    /// Where trainers are started if the file does not say so: `{sweep_dir}`, or `{trial_dir}` in sweeps of releases
    /// that started them there.
    public var trainerDirectory: String
    /// The way from the sweep's own folder to `directory`; nil in sweeps of releases that did not note it.
    public var relativeDirectory: String?
    /// Where PATH had the trainer's program, which the file calls by a bare name; nil where the file gives a path, and in
    /// sweeps of releases that did not note it.
    public var program: String?
    public var created: Date

    public struct StoredFile: Sendable, Hashable {
        public var path: String
        public var text: String

        public init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    public init(
        name: String, metric: Metric, parameterNames: [String], lag: Int?, file: StoredFile, base: StoredFile?,
        directory: String, trainerDirectory: String = "{sweep_dir}",
        relativeDirectory: String? = nil, program: String? = nil, created: Date
    ) {
        self.name = name
        self.metric = metric
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
