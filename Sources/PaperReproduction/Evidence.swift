/// What a reproduction has found: its runs, and what the analyses say of them.
///
///     let evidence = try Evidence(readingFrom: "results/paper/small")
///     let checks = evidence.checks
public struct Evidence: Sendable {
    /// What `revmlp cka` says of one block of one run at one epoch.
    public struct Alignment: Sendable {
        public var experiment: Experiment
        public var seed: Int
        public var setup: PaperSetup
        public var epoch: Int
        public var block: Int
        /// 1: the same up to a rotation and a factor. Nil where the block makes all samples the same.
        public var value: Double?

        public init(
            experiment: Experiment, seed: Int, setup: PaperSetup, epoch: Int, block: Int, value: Double?
        ) {
            self.experiment = experiment
            self.seed = seed
            self.setup = setup
            self.epoch = epoch
            self.block = block
            self.value = value
        }
    }

    /// What `revmlp ntk` or `revmlp weights` says of one run: the similarity of the tangent kernel with that of the
    /// start, or the cosine of all weight matrices, as one vector, with those of the start.
    public struct Similarity: Sendable {
        public var experiment: Experiment
        public var seed: Int
        public var setup: PaperSetup
        /// Nil where one of the two is 0.
        public var value: Double?

        public init(experiment: Experiment, seed: Int, setup: PaperSetup, value: Double?) {
            self.experiment = experiment
            self.seed = seed
            self.setup = setup
            self.value = value
        }
    }

    public var runs: [PaperRun]
    public var alignments: [Alignment]
    public var kernels: [Similarity]
    public var weights: [Similarity]

    public init(
        runs: [PaperRun] = [], alignments: [Alignment] = [], kernels: [Similarity] = [], weights: [Similarity] = []
    ) {
        self.runs = runs
        self.alignments = alignments
        self.kernels = kernels
        self.weights = weights
    }

    /// The runs of one experiment and setup, by their seeds.
    func runs(_ experiment: Experiment, _ isWanted: (PaperSetup) -> Bool) -> [PaperRun] {
        runs.filter { $0.experiment == experiment && isWanted($0.setup) }.sorted { $0.seed < $1.seed }
    }

    /// The setups of an experiment in the order of their runs.
    func setups(_ experiment: Experiment) -> [PaperSetup] {
        var seen: [PaperSetup] = []
        for run in runs where run.experiment == experiment && !seen.contains(run.setup) { seen.append(run.setup) }
        return seen
    }

    /// All statements, in the order of the paper's figures.
    public var checks: [Check] {
        (fullBatchChecks + miniBatchChecks + representationChecks + appendixChecks).sorted {
            (PaperFigure.allCases.firstIndex(of: $0.figure) ?? 0)
                < (PaperFigure.allCases.firstIndex(of: $1.figure) ?? 0)
        }
    }
}

/// One number for each seed of a setup, as a check compares it.
struct Measured {
    let setup: String
    let quantity: String
    /// Nil: it never came to that, or was not reported.
    let numbers: [Double?]
    /// Whether the numbers are steps, which may never be reached.
    let areSteps: Bool
    /// Whether the runs have come as far as the numbers need: a run that was stopped decides nothing.
    let isWhole: Bool

    /// Stands for runs that are not there.
    static var nothing: Measured { Measured([], "") { _ in nil } }

    /// The numbers that are there. A comparison with none of them does not hold.
    var present: [Double] { numbers.compactMap(\.self) }

    var row: Check.Row {
        let texts = numbers.map { areSteps ? NumberText.step($0.map { Int($0) }) : NumberText.short($0) }
        return Check.Row(setup: setup, quantity: quantity, numbers: texts)
    }

    /// - Parameters:
    ///   - runs: of one setup.
    ///   - others: runs of which the numbers speak, too.
    ///   - takesDiverged: whether a run that diverged has the number that it would have had at its last epoch.
    init(
        _ runs: [PaperRun], _ quantity: String, areSteps: Bool = false, besides others: [PaperRun] = [],
        takesDiverged: Bool = false, _ number: (PaperRun) -> Double?
    ) {
        setup = runs.first?.setup.name ?? ""
        self.quantity = quantity
        self.areSteps = areSteps
        isWhole = (runs + others).allSatisfy { $0.isWhole || takesDiverged && $0.hasDiverged }
        numbers = runs.map(number)
    }

    /// The first step at which the training loss is not above `limit`. A run that has diverged will not come there.
    static func steps(_ runs: [PaperRun], toLoss limit: Double) -> Measured {
        Measured(
            runs, "first step with a training loss of at most \(NumberText.short(limit))", areSteps: true,
            takesDiverged: true
        ) { $0.first("train_loss", atMost: limit).map(Double.init) }
    }

    /// Whether every seed is below every seed of the other. A seed that never came there counts as infinity; seeds
    /// whose runs were stopped before they could are not compared at all.
    func isBelow(_ other: Measured) -> Bool {
        let highest = numbers.map { $0 ?? .infinity }.max() ?? .infinity
        let lowest = other.numbers.map { $0 ?? .infinity }.min() ?? -.infinity
        return !numbers.isEmpty && !other.numbers.isEmpty && highest < lowest
    }

    func all(_ holds: (Double) -> Bool) -> Bool { !numbers.isEmpty && numbers.allSatisfy { $0.map(holds) ?? false } }
}

extension Check {
    /// - Parameters:
    ///   - measured: what is compared; if runs of one of them are not there, or were stopped, the check is not made.
    ///   - holds: whether the statement is true of the numbers.
    init(
        _ figure: PaperFigure, _ relation: Relation, _ statement: String, of measured: [Measured], holds: () -> Bool
    ) {
        self.figure = figure
        self.relation = relation
        self.statement = statement
        rows = measured.filter { !$0.numbers.isEmpty }.map(\.row)
        if measured.contains(where: { $0.numbers.isEmpty }) {
            verdict = .missing("runs that it compares are not there")
        } else if !measured.allSatisfy(\.isWhole) {
            verdict = .missing("runs that it compares ended before their last epoch")
        } else if measured.contains(where: { !$0.areSteps && $0.numbers.contains(nil) }) {
            verdict = .missing("runs that it compares are too short, or have not reported it")
        } else {
            verdict = holds() ? .holds : .fails
        }
    }
}
