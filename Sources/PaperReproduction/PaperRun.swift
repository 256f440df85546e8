/// One training run of the reproduction: how it was set up, and what it reported.
///
///     let run = PaperRun(
///         experiment: .mnistFull, seed: 42, setup: PaperSetup(optimizer: .gaussNewton, rate: 0.5),
///         curves: ["train_loss": [2.3, 1.4, 0.8]])
///     run.value("train_loss", at: 2)              // 1.4
///     run.first("train_loss", atMost: 1)          // 3
public struct PaperRun: Sendable {
    public var experiment: Experiment
    public var seed: Int
    public var setup: PaperSetup
    /// By metric, a value for each epoch from 1 on; NaN where it was not reported. On a full batch an epoch is a step,
    /// and the training loss is the one before it.
    public var curves: [String: [Double]]
    /// How many epochs its config asks for.
    public var epochs: Int
    /// Whether its numbers stopped being finite, which ended it.
    public var hasDiverged: Bool

    /// - Parameter epochs: nil: as many as the curves have.
    public init(
        experiment: Experiment, seed: Int, setup: PaperSetup, curves: [String: [Double]], epochs: Int? = nil,
        hasDiverged: Bool = false
    ) {
        self.experiment = experiment
        self.seed = seed
        self.setup = setup
        self.curves = curves
        self.epochs = epochs ?? Self.length(of: curves)
        self.hasDiverged = hasDiverged
    }

    /// The last epoch that was reported.
    public var length: Int { Self.length(of: curves) }

    private static func length(of curves: [String: [Double]]) -> Int { curves.values.map(\.count).max() ?? 0 }

    /// Whether it came to its last epoch. Where one that was stopped would have ended is not known.
    public var isWhole: Bool { length >= epochs }

    /// Nil where it was not reported.
    public func value(_ metric: String, at epoch: Int) -> Double? {
        guard let curve = curves[metric], curve.indices.contains(epoch - 1), !curve[epoch - 1].isNaN else { return nil }
        return curve[epoch - 1]
    }

    /// The value of the last epoch that reported it.
    public func last(_ metric: String) -> Double? { curves[metric]?.last { !$0.isNaN } }

    /// The first epoch whose value is not above `limit`; nil if none is.
    public func first(_ metric: String, atMost limit: Double) -> Int? {
        curves[metric]?.firstIndex { $0 <= limit }.map { $0 + 1 }
    }

    /// The mean over the last `count` epochs that reported it.
    public func mean(_ metric: String, ofLast count: Int) -> Double? {
        let values = (curves[metric] ?? []).filter { !$0.isNaN }.suffix(count)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

/// What the runs of one curve have in common: everything but the seed.
public struct PaperSetup: Sendable, Hashable {
    public enum Optimizer: String, Sendable, Hashable, CaseIterable {
        case gaussNewton, adam, sgd

        /// As it stands in tables.
        public var name: String {
            switch self {
            case .gaussNewton: "GN"
            case .adam: "Adam"
            case .sgd: "SGD"
            }
        }
    }

    public var optimizer: Optimizer
    public var rate: Double
    /// In which other settings it differs from the paper's: `curvature damped`.
    public var variant: String

    public init(optimizer: Optimizer, rate: Double, variant: String = "") {
        self.optimizer = optimizer
        self.rate = rate
        self.variant = variant
    }

    /// `GN 0.5`, `GN 0.5, curvature damped`.
    public var name: String {
        "\(optimizer.name) \(NumberText.short(rate))" + (variant.isEmpty ? "" : ", \(variant)")
    }
}
