import SweepModel
import SweepSearch

/// One parameter as an axis that a regression tree can split, with the measure by which parts of it count.
///
/// A number has a coordinate from 0 to 1, and a category its index. Where a parameter is inactive in some trials, that
/// is a place of its own on the axis: below all numbers, or behind all categories.
struct FeatureAxis {
    enum Kind {
        case numbers
        /// The measure of each category; together they make 1. Of a choice of very many words those that no trial has
        /// are one category.
        case categories([Double])
    }

    let name: String
    let kind: Kind
    /// The measure of being inactive, which is the part of the trials in which it is.
    let inactiveShare: Double
    /// One coordinate for each trial.
    let coordinates: [Double]

    /// The coordinate of numbers that do not exist.
    static let inactive = -1.0
    /// So many words that no trial has are kept apart.
    private static let maxUnused = 100

    /// How many words trials have, with being inactive as one of them; 0 for a parameter that is a number.
    var usedWords: Int {
        switch kind {
        case .numbers: 0
        case .categories: Set(coordinates).count
        }
    }

    /// Nil for a parameter that is the same in all trials: no tree can split it.
    ///
    /// - Parameters:
    ///   - values: one for each trial, nil where the parameter is inactive.
    ///   - measure: what makes one part of the axis larger than another.
    init?(_ parameter: Parameter, _ values: [ParameterValue?], _ measure: FunctionalANOVA.Measure) {
        name = parameter.name
        let missing = values.count { $0 == nil }
        inactiveShare = values.isEmpty ? 0 : Double(missing) / Double(values.count)
        switch parameter.distribution {
        case .choice(let choices, let weights):
            (kind, coordinates) = Self.categories(choices, measure == .prior ? weights : nil, values, inactiveShare)
        case .ordinal(let choices) where measure == .plain:
            (kind, coordinates) = Self.categories(choices, nil, values, inactiveShare)
        case .ordinal, .real, .quantized, .integer:
            kind = .numbers
            coordinates = values.map { value in
                guard let value else { return Self.inactive }
                return switch measure {
                case .prior: parameter.distribution.quantile(of: value) ?? Self.inactive
                case .plain: Self.plain(value, of: parameter.distribution)
                }
            }
        }
        guard let first = coordinates.first, coordinates.contains(where: { $0 != first }) else { return nil }
    }

    private static func categories(
        _ choices: [ParameterValue], _ weights: [Double]?, _ values: [ParameterValue?], _ inactiveShare: Double
    ) -> (Kind, [Double]) {
        let weights = weights ?? choices.map { _ in 1 }
        let sum = weights.reduce(0, +)
        var measures = weights.map { (1 - inactiveShare) * (sum > 0 ? $0 / sum : 1 / Double(weights.count)) }
        measures.append(inactiveShare)
        let known = ValuePlaces(choices)
        let places = values.map { value in value.flatMap { known[$0] } ?? choices.count }
        let used = Set(places)
        let unused = measures.indices.filter { !used.contains($0) }
        if unused.count <= maxUnused { return (.categories(measures), places.map(Double.init)) }
        // Whatever a tree does, they stay together.
        let kept = used.sorted()
        var numbers = Array(repeating: 0.0, count: measures.count)
        for (number, place) in kept.enumerated() { numbers[place] = Double(number) }
        let rest = unused.reduce(0.0) { $0 + measures[$1] }
        return (.categories(kept.map { measures[$0] } + [rest]), places.map { numbers[$0] })
    }

    /// A number by its place between the bounds, whatever the axis: as Optuna's evaluator has it.
    private static func plain(_ value: ParameterValue, of distribution: Distribution) -> Double {
        let (min, max): (Double, Double)
        switch distribution {
        case .real(_, let low, let high), .quantized(_, let low, let high, _): (min, max) = (low, high)
        case .integer(let low, let high, _, _): (min, max) = (Double(low), Double(high))
        case .choice, .ordinal: return inactive
        }
        guard let number = value.asNumber, max > min else { return inactive }
        let place = (number - min) / (max - min)
        return place.isNaN ? inactive : Swift.min(1, Swift.max(0, place))
    }

    /// The measure of the coordinates from `lower` to `upper`, for numbers.
    func measure(from lower: Double, to upper: Double) -> Double {
        let active = max(0, min(1, upper) - max(0, lower))
        let holdsInactive = lower <= Self.inactive && Self.inactive < upper
        return (1 - inactiveShare) * active + (holdsInactive ? inactiveShare : 0)
    }
}
