import RealModule

/// What is wrong with a distribution as somebody wrote it.
public enum DistributionProblem: Error, Sendable, Hashable {
    case boundIsNotFinite(Double)
    case minAboveMax(min: ParameterValue, max: ParameterValue)
    /// A logarithmic range must lie above 0.
    case logarithmOfNonPositive(min: ParameterValue)
    case stepIsNotPositive(ParameterValue)
    /// No multiple of the step is legal.
    case noMultiple(step: Double, min: Double, max: Double)
    /// There are more multiples in the range than a Double can count, 2⁵³.
    case stepIsTooSmall(Double)
    case deviationIsNotPositive(Double)
    /// A log-normal number's mean is that of the logarithm: above 700 the number itself overflows.
    case logarithmicMeanIsTooLarge(Double)
    /// The range begins more than 37 deviations from the mean, where the distribution has nothing left.
    case rangeIsFarFromMean(min: Double, max: Double, mean: Double, deviation: Double)
    case noChoices
    case duplicateChoice(ParameterValue)
    case choiceIsNotANumber
    case weightCount(choices: Int, weights: Int)
    /// Negative, not finite, or so large that the sum is not finite.
    case illegalWeight(Double)
    case allWeightsAreZero
}

extension Distribution {
    /// The first thing that is wrong with this distribution. Everything else may be asked only of one without a
    /// problem; those of a `SearchSpace` have none.
    public func problem() -> DistributionProblem? {
        switch self {
        case .uniform(let min, let max): rangeProblem(.linear, min, max)
        case .logUniform(let min, let max): rangeProblem(.logarithmic, min, max)
        case .normal(let mean, let deviation, let min, let max):
            rangeProblem(.normal(mean: mean, deviation: deviation), min, max)
        case .logNormal(let mean, let deviation, let min, let max):
            rangeProblem(.logNormal(mean: mean, deviation: deviation), min, max)
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

private func rangeProblem(_ axis: NumberAxis, _ min: Double, _ max: Double) -> DistributionProblem? {
    if let problem = axis.problem { return problem }
    if let bound = [min, max].first(where: { !$0.isFinite }) { return .boundIsNotFinite(bound) }
    if min > max { return .minAboveMax(min: .number(min), max: .number(max)) }
    if axis.isPositive, min <= 0 { return .logarithmOfNonPositive(min: .number(min)) }
    switch axis {
    case .linear, .logarithmic: return nil
    case .normal(let mean, let deviation):
        return distanceProblem(min, max, (min, max), mean, deviation)
    case .logNormal(let mean, let deviation):
        return distanceProblem(min, max, (Double.log(min), Double.log(max)), mean, deviation)
    }
}

private func distanceProblem(
    _ min: Double, _ max: Double, _ range: (low: Double, high: Double), _ mean: Double, _ deviation: Double
) -> DistributionProblem? {
    let distance = Swift.max((range.low - mean) / deviation, (mean - range.high) / deviation)
    return distance > 37 ? .rangeIsFarFromMean(min: min, max: max, mean: mean, deviation: deviation) : nil
}

extension NumberAxis {
    fileprivate var problem: DistributionProblem? {
        switch self {
        case .linear, .logarithmic: return nil
        case .normal(let mean, let deviation), .logNormal(let mean, let deviation):
            if !mean.isFinite { return .boundIsNotFinite(mean) }
            if !deviation.isFinite { return .boundIsNotFinite(deviation) }
            if deviation <= 0 { return .deviationIsNotPositive(deviation) }
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
    // 1 and 1.0 would be told apart by nobody who reads the results.
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
    return sum.isFinite ? nil : .illegalWeight(weights.max() ?? sum)
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
        case .deviationIsNotPositive(let deviation):
            "std must be greater than 0, and is \(ParameterValue.number(deviation))"
        case .logarithmicMeanIsTooLarge(let mean):
            "mean is that of the logarithm and must lie between -700 and 700, and is \(ParameterValue.number(mean))"
        case .rangeIsFarFromMean(let min, let max, let mean, let deviation):
            "\(ParameterValue.number(min)) to \(ParameterValue.number(max)) is too far from the mean "
                + "\(ParameterValue.number(mean)) with std \(ParameterValue.number(deviation)) to be ever drawn"
        case .noChoices: "there is no value to choose from"
        case .duplicateChoice(let value): "the value \(value) is listed twice"
        case .choiceIsNotANumber: "'.nan' cannot be a choice"
        case .weightCount(let choices, let weights): "there are \(weights) weights for \(choices) values"
        case .illegalWeight(let weight): "a weight must be a number from 0 up, not \(ParameterValue.number(weight))"
        case .allWeightsAreZero: "all weights are 0"
        }
    }
}
