import LinearAlgebra

/// A model of the metric over the whole space, made from the trials: a Gaussian process like that of ``GPSampler``, to
/// be asked questions about the sweep rather than for the next trial. It does without the models that easily take noise
/// for a part of the function: see `ModelSelection.Candidates`.
///
///     let model = SurrogateModel(of: space, given: observations)
///     model?.expectation(of: assignment)          // mean 0.31, deviation 0.02, 0.27 to 0.35
///     model?.dependences()                        // a curve for each parameter
///
/// All values are in the unit of the metric, lower ones better. The process works on another scale, so answers are
/// computed from functions that are drawn from it and transformed back, not from a transformed mean. They are the same
/// each time: whatever is drawn has a fixed seed.
///
/// Trials that diverged, failed or have a value far beyond all others have no part in it: see `SuccessModel.usable`.
/// Pruned ones count as no better than the median.
public struct SurrogateModel: Sendable {
    /// How many trials say something about the metric.
    public let trials: Int
    /// How many of them the model rests on: at most ``maxTrials``, half of them the best and the rest spread.
    public let fitted: Int

    let fit: FittedProcess
    /// Nil where every trial has a value.
    let success: SuccessModel?
    let inverse: Matrix<Double>
    /// For draws at up to ``settings`` points.
    private let normals: [Double]

    /// The cost grows with the cube of this number.
    public static let maxTrials = 200
    /// With fewer trials that have a final value there is no model.
    public static let minTrials = 4
    /// With more varying parameters there is no model, as there is no process in the search.
    public static let maxParameters = Landscape.maxDimensions

    /// How many pairs of functions are drawn for an answer.
    static let pairs = 128

    /// - Returns: nil if there are too few trials with a final value, if all have the same one, if nothing in the space
    ///   varies or too much, or if the trials lie so that no process can be computed.
    public init?(of space: SearchSpace, given observations: Observations) {
        let landscape = Landscape(SpaceEncoding(space))
        let isUsable = SuccessModel.usable(observations.outcomes)
        var rows = observations.indices.filter { isUsable[$0] }
        let all = ModelledValues(rows.map { observations.outcomes[$0] })
        guard all.informative >= Self.minTrials, StartUp.hasDifferentOutcomes(rows.map { observations.outcomes[$0] }),
            1...Self.maxParameters ~= landscape.dimensions.count
        else { return nil }
        trials = rows.count
        rows = all.bestAndSpread(Self.maxTrials).map { rows[$0] }
        fitted = rows.count
        let outcomes = rows.map { observations.outcomes[$0] }
        let assignments = rows.map(observations.assignment(ofRow:))
        guard let fit = FittedProcess.smooth(landscape, assignments, outcomes) else { return nil }
        self.fit = fit
        // The newest of the others lie at the border.
        let others = observations.indices.filter { !isUsable[$0] }.suffix(Self.maxTrials / 2)
        success = SuccessModel(
            landscape.dimensions,
            columns: landscape.columns(of: (rows + others).map(observations.assignment(ofRow:))),
            rows.map { _ in true } + others.map { _ in false })
        inverse = fit.process.inverseLowerFactor()
        normals = NormalDraws.normals(pairs: Self.pairs, size: Self.settings, seed: 0)
    }

    var space: SearchSpace { fit.landscape.encoding.space }

    /// The coordinates of assignments, one list for each.
    func points(of assignments: [Assignment]) -> [[Double]] {
        let columns = fit.landscape.columns(of: assignments)
        return assignments.indices.map { row in columns.map { $0[row] } }
    }

    // MARK: One trial

    /// What it expects of a trial with these values.
    public func expectation(of assignment: Assignment) -> Expectation { expectations(of: [assignment])[0] }

    /// What it expects of each of these trials.
    public func expectations(of assignments: [Assignment]) -> [Expectation] {
        let noise = fit.process.hyperparameters.noiseVariance
        return fit.process.posteriors(at: points(of: assignments)).map {
            fit.values.expectation(mean: $0.mean, deviation: $0.deviation, noise: noise)
        }
    }

    /// How much single trials differ that have the same values: the standard deviation of the noise at the best trial.
    public var noise: Double {
        let best = fit.process.posteriors(at: fit.process.points).map(\.mean).min() ?? 0
        return fit.values.difference(fit.process.hyperparameters.noiseVariance.squareRoot(), at: best)
    }

    /// Which share of the variance of the values is noise, on the scale of the process.
    public var noiseShare: Double {
        let hyperparameters = fit.process.hyperparameters
        return hyperparameters.noiseVariance / (hyperparameters.noiseVariance + hyperparameters.signalVariance)
    }

    // MARK: How good it is

    /// How well the model predicts each trial from the others.
    public struct Validation: Sendable, Hashable {
        /// The share of the variance that it explains: 1 is perfect, 0 or less is no better than the mean of all
        /// trials.
        public var explained: Double
        /// The share of the trials whose value lies in the interval of nine in ten.
        public var covered: Double

        /// Whether the model is worth listening to.
        public var carries: Bool { explained >= 0.3 }
    }

    /// Leave-one-out validation, on the scale of the process, where one trial with a very large loss does not outweigh
    /// all others.
    public var validation: Validation {
        let values = fit.values.standardized
        let covered = zip(values, fit.process.leaveOneOut(values)).count { value, prediction in
            abs(value - prediction.mean) <= ModelledValues.intervalWidth * prediction.deviation
        }
        return Validation(
            explained: fit.process.explained(values), covered: Double(covered) / Double(values.count))
    }

    // MARK: Draws

    /// Functions that the model holds possible, at these points: a row for each, in the unit of the metric.
    func draws(at points: [[Double]]) -> [[Double]] {
        let (means, covariance) = fit.process.joint(at: points, inverse)
        let normals =
            points.count <= Self.settings
            ? normals : NormalDraws.normals(pairs: Self.pairs, size: points.count, seed: 0)
        return NormalDraws(means: means, covariance, normals, pairs: Self.pairs).rows.map { row in
            row.map(fit.values.reported)
        }
    }
}

/// A number with the interval in which nine of ten functions lie that a model holds possible.
public struct Estimate: Sendable, Hashable {
    public var mean: Double
    public var low: Double
    public var high: Double

    public init(mean: Double, low: Double, high: Double) {
        self.mean = mean
        self.low = low
        self.high = high
    }

    /// Of draws, of which there is at least one.
    init(of draws: [Double]) {
        let sorted = draws.sorted()
        let last = Double(sorted.count - 1)
        mean = sorted.reduce(0) { $0 + $1 / Double(sorted.count) }
        low = sorted[Int((0.05 * last).rounded())]
        high = sorted[Int((0.95 * last).rounded())]
    }

    /// The same number with the other sign.
    public var negated: Estimate { Estimate(mean: -mean, low: -high, high: -low) }
}
