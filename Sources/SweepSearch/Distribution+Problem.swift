/// What is wrong with a distribution as somebody wrote it.
public enum DistributionProblem: Error, Sendable, Hashable {
    case boundIsNotFinite(Double)
    case minAboveMax(min: ParameterValue, max: ParameterValue)
    /// A logarithmic range must lie above 0.
    case logarithmOfNonPositive(min: ParameterValue)
    case stepIsNotPositive(Int)
    case noChoices
    case duplicateChoice(ParameterValue)
    case choiceIsNotANumber
    case weightCount(choices: Int, weights: Int)
    /// Negative, not finite, or so large that the sum is not finite.
    case illegalWeight(Double)
    case allWeightsAreZero
}

extension Distribution {
    /// The first thing that is wrong with this distribution. Everything else may be asked only of one without a problem;
    /// those of a `SearchSpace` have none.
    public func problem() -> DistributionProblem? {
        switch self {
        case .uniform(let min, let max): rangeProblem(min, max, isLogarithmic: false)
        case .logUniform(let min, let max): rangeProblem(min, max, isLogarithmic: true)
        case .integer(let min, let max, let step, let log):
            if min > max {
                .minAboveMax(min: .integer(min), max: .integer(max))
            } else if log && min <= 0 {
                .logarithmOfNonPositive(min: .integer(min))
            } else {
                step <= 0 ? .stepIsNotPositive(step) : nil
            }
        case .choice(let values, let weights): choiceProblem(values) ?? weightProblem(weights, choices: values.count)
        }
    }
}

private func rangeProblem(_ min: Double, _ max: Double, isLogarithmic: Bool) -> DistributionProblem? {
    if let bound = [min, max].first(where: { !$0.isFinite }) { return .boundIsNotFinite(bound) }
    if min > max { return .minAboveMax(min: .number(min), max: .number(max)) }
    return isLogarithmic && min <= 0 ? .logarithmOfNonPositive(min: .number(min)) : nil
}

private func choiceProblem(_ values: [ParameterValue]) -> DistributionProblem? {
    if values.isEmpty { return .noChoices }
    // 1 and 1.0 would be told apart by nobody who reads the results.
    var seen = Set<ParameterValue>()
    for value in values {
        if case .number(let number) = value, number.isNaN { return .choiceIsNotANumber }
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
        case .stepIsNotPositive(let step): "step must be at least 1, and is \(step)"
        case .noChoices: "there is no value to choose from"
        case .duplicateChoice(let value): "the value \(value) is listed twice"
        case .choiceIsNotANumber: "'.nan' cannot be a choice"
        case .weightCount(let choices, let weights): "there are \(weights) weights for \(choices) values"
        case .illegalWeight(let weight): "a weight must be a number from 0 up, not \(ParameterValue.number(weight))"
        case .allWeightsAreZero: "all weights are 0"
        }
    }
}
