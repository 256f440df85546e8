/// What a model expects of the metric along one parameter, all others averaged out.
public struct DependenceCurve: Sendable, Hashable {
    public var parameter: String
    /// At which values; ascending, or as the space lists them.
    public var values: [ParameterValue]
    /// One for each value.
    public var estimates: [Estimate]
}

extension SurrogateModel {
    /// How many settings of the other parameters are averaged.
    static let settings = 64
    /// How many points of a Sobol' sequence they are looked for among, where conditions or constraints exclude some.
    private static let lookedAt = 1024
    /// How many values a curve has at most.
    private static let maxValues = 25
    /// How many choices are compared at most.
    private static let maxChoices = 40

    /// Partial dependence with its uncertainty, of every parameter that has more than one value:
    ///
    ///     g(v) = mean over m of f(xⱼ = v, the others as in setting m)
    ///
    /// For each function f that is drawn from the model, g is computed in the unit of the metric; a curve shows their
    /// mean and the interval of nine in ten. The settings are points of a Sobol' sequence over the space's own
    /// distributions. A conditional parameter is averaged over settings in which it is active; where its own value
    /// activates others, these come along. Settings that violate a constraint are left out.
    ///
    /// Source: Friedman 2001, "Greedy Function Approximation: A Gradient Boosting Machine", section 8.2; with the
    /// uncertainty of the model as in Moosbauer et al. 2021, "Explaining Hyperparameter Optimization via Partial
    /// Dependence Plots" (arXiv:2111.04820).
    ///
    /// - Complexity: 25 values at most, 64 settings each, 200 trials at most: the same for a thousand trials and a
    ///   million.
    public func dependences() -> [DependenceCurve] {
        let quantiles = Self.quantiles(of: space)
        return fit.landscape.positions.compactMap { dependence(at: $0, quantiles) }
    }

    /// - Parameter position: of the parameter, in the space.
    private func dependence(at position: Int, _ quantiles: [[Double]]) -> DependenceCurve? {
        let parameter = space.parameters[position]
        let active = quantiles.filter { assignment($0)[parameter.name] != nil }
        var curve = DependenceCurve(parameter: parameter.name, values: [], estimates: [])
        for value in shownValues(of: parameter.distribution) {
            var settings = [Assignment]()
            for setting in active where settings.count < Self.settings {
                let changed = assignment(setting, with: value, at: position)
                if space.isFeasible(changed) { settings.append(changed) }
            }
            if settings.isEmpty { continue }
            let averages = draws(at: points(of: settings)).map { $0.reduce(0, +) / Double(settings.count) }
            curve.values.append(value)
            curve.estimates.append(Estimate(of: averages))
        }
        return curve.values.count >= 2 ? curve : nil
    }

    /// The values along the curve: all, or some at equal distances of the parameter's own axis.
    private func shownValues(of distribution: Distribution) -> [ParameterValue] {
        switch distribution {
        case .choice(let values, let weights):
            return zip(values, weights).filter { $0.1 > 0 }.map(\.0).prefix(Self.maxChoices).map(\.self)
        case .ordinal(let values): return Array(values.prefix(Self.maxChoices))
        case .integer, .quantized, .real: break
        }
        if let proposable = distribution.proposable, proposable.lastIndex < UInt64(Self.maxValues) {
            return (0...proposable.lastIndex).map { proposable[$0] }
        }
        // The ends of a normal distribution are far from where anything was tried.
        let (first, last) = distribution.hasTails ? (0.005, 0.995) : (0, 1)
        var values = [ParameterValue]()
        for index in 0..<Self.maxValues {
            let quantile = first + (last - first) * Double(index) / Double(Self.maxValues - 1)
            let value = distribution.value(atQuantile: quantile)
            if value != values.last { values.append(value) }
        }
        return values
    }

    // MARK: Settings

    /// Points that cover the space evenly: a quantile for every parameter, active or not.
    static func quantiles(of space: SearchSpace, _ count: Int? = nil) -> [[Double]] {
        let sequence = SobolSequence(seed: 0)
        let isWhole = space.constraints.isEmpty && space.parameters.allSatisfy(\.conditions.isEmpty)
        return (0..<(count ?? (isWhole ? settings : lookedAt))).map { index in
            space.parameters.indices.map { position in
                // Beyond that the coordinates repeat; a model has fewer parameters, but constants count here.
                sequence.coordinate(UInt32(index), dimension: position % SobolSequence.maxDimensions)
            }
        }
    }

    /// The assignment of these quantiles, with one value as given.
    func assignment(_ quantiles: [Double], with value: ParameterValue? = nil, at position: Int? = nil) -> Assignment {
        space.assignment { other in
            if let value, other == position { return value }
            return space.parameters[other].distribution.value(atQuantile: quantiles[other])
        }
    }
}

extension Distribution {
    /// Whether its bounds are where probability ends rather than where a person has set them.
    fileprivate var hasTails: Bool {
        switch self {
        case .real(let axis, _, _), .quantized(let axis, _, _, _):
            switch axis {
            case .normal, .logNormal: true
            case .linear, .logarithmic: false
            }
        case .integer, .choice, .ordinal: false
        }
    }
}
