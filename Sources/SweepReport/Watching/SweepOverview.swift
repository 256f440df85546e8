import SweepModel

/// What the list of sweeps says of one of them: how far it is, and what is best.
public struct SweepOverview: Sendable, Hashable {
    /// The sweep's folder, by which it is identified.
    public var directory: String
    /// The name of its folder until the database has been read.
    public var name: String
    /// Nil until the database has been read.
    public var metric: Metric?
    /// How many trials are in each state, imported ones included.
    public var counts: [TrialState: Int] = [:]
    /// How many of these were imported, which the budget does not count.
    public var imported = 0
    /// How many trials are to end.
    public var budget: Int?
    /// Nil if no complete trial keeps all bounds.
    public var best: Best?
    /// Whether a planner runs it; `revsweep ask` and `tell` do not count.
    public var isRun = false
    /// The process that runs it, if it is known.
    public var process: Int32?
    /// Why it cannot be read at the moment. What was read before is still shown.
    public var problem: String?

    /// The best complete trial.
    public struct Best: Sendable, Hashable {
        public var number: Int
        public var value: Double

        public init(number: Int, value: Double) {
            self.number = number
            self.value = value
        }
    }

    public init(directory: String, name: String) {
        self.directory = directory
        self.name = name
    }

    /// How many trials have ended, without imported ones.
    public var ended: Int {
        max(0, TrialState.allCases.filter(\.isFinal).reduce(0) { $0 + (counts[$1] ?? 0) } - imported)
    }

    /// How far it is, from 0 to 1; nil without a budget of trials.
    public var fraction: Double? {
        budget.map { $0 > 0 ? min(1, Double(ended) / Double($0)) : 1 }
    }
}
