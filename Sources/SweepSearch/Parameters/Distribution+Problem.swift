import RealModule

/// What is wrong with a distribution that a user has written. The description is the message that the user reads.
public enum DistributionProblem: Error, Sendable, Hashable {
    /// A bound, a step, a mean or a standard deviation is infinite or NaN.
    case boundIsNotFinite(Double)
    /// The range is reversed. Bounds that are equal are legal: the parameter then has one value.
    case minAboveMax(min: ParameterValue, max: ParameterValue)
    /// A logarithmic range must lie above 0.
    case logarithmOfNonPositive(min: ParameterValue)
    /// A step of 0 or less.
    case stepIsNotPositive(ParameterValue)
    /// No multiple of the step lies between the bounds.
    case noMultiple(step: Double, min: Double, max: Double)
    /// The range has more multiples of the step than a Double can count, 2⁵³.
    case stepIsTooSmall(Double)
    /// A standard deviation of 0 or less.
    case stdIsNotPositive(Double)
    /// The mean of a log-normal distribution is that of the logarithm; above 700 the number itself overflows.
    case logarithmicMeanIsTooLarge(Double)
    /// The range begins more than 37 standard deviations from the mean, where the probability is 0 as a Double.
    case rangeIsFarFromMean(min: Double, max: Double, mean: Double, std: Double)
    /// The list of values is empty.
    case noChoices
    /// Two values of the list are equal, perhaps as numbers: 1 and 1.0.
    case duplicateChoice(ParameterValue)
    /// A value is or contains NaN, which equals nothing, so that it could not be recognized.
    case choiceIsNotANumber
    /// The list of weights has another length than the list of values.
    case weightCount(choices: Int, weights: Int)
    /// Negative, or not finite.
    case illegalWeight(Double)
    /// Their sum is not finite.
    case weightsAreTooLarge
    /// Nothing could be drawn.
    case allWeightsAreZero
}

extension Distribution {
    /// The first thing that is wrong with this distribution; nil if nothing is.
    ///
    ///     Distribution.uniform(min: 1, max: 0).problem()          // min 1.0 is larger than max 0.0
    ///     Distribution.choice(["a", "a"]).problem()               // the value a is listed twice
    ///
    /// All other functions require a distribution without a problem, as those of every `SearchSpace` are.
    public func problem() -> DistributionProblem? {
        switch self {
        case .real(let axis, let min, let max): rangeProblem(axis, min, max)
        case .quantized(let axis, let min, let max, let step):
            rangeProblem(axis, min, max) ?? stepProblem(step, min, max)
        case .integer(let min, let max, let step, let log):
            if min > max {
                .minAboveMax(min: .integer(min), max: .integer(max))
            } else if log && min <= 0 {
                .logarithmOfNonPositive(min: .integer(min))
            } else {
                step <= 0 ? .stepIsNotPositive(.integer(step)) : nil
            }
        case .choice(let values, let weights): choiceProblem(values) ?? weightProblem(weights, choices: values.count)
        case .ordinal(let values): choiceProblem(values)
        }
    }
}

/// What is wrong with an axis and its bounds.
private func rangeProblem(_ axis: NumberAxis, _ min: Double, _ max: Double) -> DistributionProblem? {
    if let problem = axis.problem { return problem }
    if let bound = [min, max].first(where: { !$0.isFinite }) { return .boundIsNotFinite(bound) }
    if min > max { return .minAboveMax(min: .number(min), max: .number(max)) }
    if axis.isPositive, min <= 0 { return .logarithmOfNonPositive(min: .number(min)) }
    switch axis {
    case .linear, .logarithmic: return nil
    case .normal(let mean, let std):
        return distanceProblem(min, max, (min, max), mean, std)
    case .logNormal(let mean, let std):
        return distanceProblem(min, max, (Double.log(min), Double.log(max)), mean, std)
    }
}

/// Whether the range is too far from the mean, in standard deviations.
///
/// - Parameter range: the bounds in the units of the mean: logarithms for a log-normal distribution.
private func distanceProblem(
    _ min: Double, _ max: Double, _ range: (low: Double, high: Double), _ mean: Double, _ std: Double
) -> DistributionProblem? {
    let distance = Swift.max((range.low - mean) / std, (mean - range.high) / std)
    return distance > 37 ? .rangeIsFarFromMean(min: min, max: max, mean: mean, std: std) : nil
}

extension NumberAxis {
    /// What is wrong with mean and standard deviation.
    fileprivate var problem: DistributionProblem? {
        switch self {
        case .linear, .logarithmic: return nil
        case .normal(let mean, let std), .logNormal(let mean, let std):
            if !mean.isFinite { return .boundIsNotFinite(mean) }
            if !std.isFinite { return .boundIsNotFinite(std) }
            if std <= 0 { return .stdIsNotPositive(std) }
            return isPositive && mean.magnitude > 700 ? .logarithmicMeanIsTooLarge(mean) : nil
        }
    }
}

private func stepProblem(_ step: Double, _ min: Double, _ max: Double) -> DistributionProblem? {
    if !step.isFinite { return .boundIsNotFinite(step) }
    if step <= 0 { return .stepIsNotPositive(.number(step)) }
    if Multiples(of: step, from: min, to: max) != nil { return nil }
    let factors = Swift.max(min.magnitude, max.magnitude) / step
    return factors < 0x1p52 ? .noMultiple(step: step, min: min, max: max) : .stepIsTooSmall(step)
}

private func choiceProblem(_ values: [ParameterValue]) -> DistributionProblem? {
    if values.isEmpty { return .noChoices }
    // Values are compared as numbers: a reader of the results could not tell 1 and 1.0 apart.
    var seen = Set<ParameterValue>()
    for value in values {
        if value.holdsNaN { return .choiceIsNotANumber }
        if !seen.insert(value.normalized).inserted { return .duplicateChoice(value) }
    }
    return nil
}

private func weightProblem(_ weights: [Double], choices: Int) -> DistributionProblem? {
    if weights.count != choices { return .weightCount(choices: choices, weights: weights.count) }
    if let weight = weights.first(where: { !$0.isFinite || $0 < 0 }) { return .illegalWeight(weight) }
    let sum = weights.reduce(0, +)
    if sum == 0 { return .allWeightsAreZero }
    return sum.isFinite ? nil : .weightsAreTooLarge
}

extension DistributionProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .boundIsNotFinite(let bound): "the bound \(ParameterValue.number(bound)) is not a finite number"
        case .minAboveMax(let min, let max): "min \(min) is larger than max \(max)"
        case .logarithmOfNonPositive(let min): "a logarithmic range needs min > 0, and min is \(min)"
        case .stepIsNotPositive(.integer(let step)): "step must be at least 1, and is \(step)"
        case .stepIsNotPositive(let step): "step must be greater than 0, and is \(step)"
        case .noMultiple(let step, let min, let max):
            "no multiple of \(ParameterValue.number(step)) lies between \(ParameterValue.number(min)) and "
                + "\(ParameterValue.number(max))"
        case .stepIsTooSmall(let step): "the step \(ParameterValue.number(step)) is too small for so wide a range"
        case .stdIsNotPositive(let std): "std must be greater than 0, and is \(ParameterValue.number(std))"
        case .logarithmicMeanIsTooLarge(let mean):
            "mean is that of the logarithm and must lie between -700 and 700, and is \(ParameterValue.number(mean))"
        case .rangeIsFarFromMean(let min, let max, let mean, let std):
            "\(ParameterValue.number(min)) to \(ParameterValue.number(max)) is too far from the mean "
                + "\(ParameterValue.number(mean)) with std \(ParameterValue.number(std)) to be ever drawn"
        case .noChoices: "there is no value to choose from"
        case .duplicateChoice(let value): "the value \(value) is listed twice"
        case .choiceIsNotANumber: "'.nan' cannot be a choice"
        case .weightCount(let choices, let weights): "there are \(weights) weights for \(choices) values"
        case .illegalWeight(let weight): "a weight must be a number from 0 up, not \(ParameterValue.number(weight))"
        case .weightsAreTooLarge: "the sum of the weights is too large for a number; only their ratios matter"
        case .allWeightsAreZero: "all weights are 0"
        }
    }
}
