import RandomStreams
import SweepSearch
import Testing

/// Distributions of every type, ordinary ones and the extremes.
let everyDistribution: [Distribution] = [
    .uniform(min: -5, max: 10), .uniform(min: 3, max: 3), .uniform(min: 0, max: .leastNonzeroMagnitude),
    .uniform(min: -.greatestFiniteMagnitude, max: .greatestFiniteMagnitude), .uniform(min: 1, max: 1.0.nextUp),
    .logUniform(min: 1e-4, max: 1), .logUniform(min: 0.1, max: 0.1),
    .logUniform(min: .leastNonzeroMagnitude, max: 1e308),
    .logUniform(min: 0.3, max: 0.7), .logUniform(min: 1, max: 1.0.nextUp),
    .integer(min: 1, max: 6, step: 1, log: false), .integer(min: -7, max: 8, step: 5, log: false),
    .integer(min: 4, max: 4, step: 1, log: false), .integer(min: .min, max: .max, step: 1, log: false),
    .integer(min: .min, max: .max, step: .max, log: false), .integer(min: .max, max: .max, step: 1, log: true),
    .integer(min: 1, max: 100, step: 1, log: true), .integer(min: 1, max: 100, step: 7, log: true),
    .integer(min: 1, max: .max, step: 1, log: true), .integer(min: 1, max: .max, step: .max, log: true),
    .choice(["a"]), .choice([1, "1", true, 2.5]), .choice(values: ["a", "b", "c", "d"], weights: [1, 0, 3, 0]),
    .choice((0..<1000).map { .integer($0) }),
    .normal(mean: 0, std: 1), .normal(mean: -3, std: 1e-3, min: -3, max: 7),
    .normal(mean: 0, std: 1, min: 30, max: 36), .normal(mean: 0, std: 1, min: 2, max: 2),
    .normal(mean: 1e308, std: 1e308), .normal(mean: 0, std: .leastNonzeroMagnitude),
    .normal(mean: 0, std: 1, min: 1, max: 1.0.nextUp), .normal(mean: 0, std: 1, min: 36.9, max: 1e308),
    .logNormal(mean: 0, std: 1), .logNormal(mean: -700, std: 100), .logNormal(mean: 700, std: 1e300),
    .logNormal(mean: 2, std: 0.1, min: 7, max: 8),
    .quantized(.linear, min: 0, max: 1, step: 0.1), .quantized(.linear, min: -0.25, max: 0.5, step: 0.3),
    .quantized(.linear, min: -1e15, max: 1e15, step: 1), .quantized(.linear, min: 0, max: 0, step: 1e300),
    .quantized(.linear, min: -.greatestFiniteMagnitude, max: .greatestFiniteMagnitude, step: 1e300),
    .quantized(.linear, min: 0, max: 2000 * .leastNonzeroMagnitude, step: .leastNonzeroMagnitude),
    .quantized(.logarithmic, min: 1, max: 1000, step: 5), .quantized(.logarithmic, min: 0.05, max: 5, step: 0.05),
    .quantized(.logarithmic, min: .leastNonzeroMagnitude, max: 1e300, step: 1e299),
    .quantized(.normal(mean: 3, std: 2), min: -5, max: 11, step: 0.5),
    .quantized(.normal(mean: 0, std: 1), min: 20, max: 30, step: 1),
    .quantized(.logNormal(mean: 1, std: 0.5), min: 0.1, max: 40, step: 1),
    .ordinal(["small", "medium", "large"]), .ordinal([64]), .constant("always"), .constant(3),
]

/// A small discrete space with branches, a shared child, a chain and a choice that is never proposed; 38
/// assignments in all.
func discreteConditionalSpace() throws -> SearchSpace {
    try SearchSpace([
        // Declared before its parent.
        Parameter("depth", .integer(min: 1, max: 3, step: 1, log: true), when: [Condition("model", .equals("tree"))]),
        Parameter("model", .choice(values: ["tree", "net", "line", "never"], weights: [1, 2, 1, 0])),
        Parameter("width", .integer(min: 8, max: 32, step: 8, log: false), when: [Condition("model", .equals("net"))]),
        Parameter("wide", .choice([true, false]), when: [Condition("width", .comparison(.greater, 16))]),
        Parameter("shared", .choice([1, 2]), when: [Condition("model", .isOneOf(["net", "line"]))]),
        Parameter("always", .integer(min: 0, max: 1, step: 1, log: false)),
        Parameter("fixed", .uniform(min: 0.5, max: 0.5)),
        Parameter("leaf", .choice([0.1, 0.2]), when: [Condition("depth", .comparison(.lessOrEqual, 2))]),
        Parameter("tied", .choice(["x"]), when: [Condition("wide", .equals(true)), Condition("always", .equals(1.0))]),
    ])
}

/// A space of all types with branches.
func mixedConditionalSpace() throws -> SearchSpace {
    try SearchSpace([
        Parameter("optimizer", .choice(values: ["sgd", "adam", "newton"], weights: [2, 1, 1])),
        Parameter("rate", .logUniform(min: 1e-4, max: 1)),
        Parameter("momentum", .uniform(min: 0, max: 0.99), when: [Condition("optimizer", .equals("sgd"))]),
        Parameter("nesterov", .choice([true, false]), when: [Condition("momentum", .comparison(.greater, 0.5))]),
        Parameter("hidden", .integer(min: 8, max: 512, step: 1, log: true)),
        Parameter("batch", .integer(min: 16, max: 256, step: 16, log: false)),
        Parameter(
            "damping", .logUniform(min: 1e-8, max: 1),
            when: [Condition("optimizer", .isOneOf(["newton", "adam"])), Condition("hidden", .comparison(.less, 300))]),
        Parameter("seed", .integer(min: .min, max: .max, step: 1, log: false)),
    ])
}

/// A space nobody designed: up to 12 parameters of any type, some with conditions on earlier or later ones.
func randomSpace(_ seed: UInt64) -> SearchSpace {
    var random = RandomStream(seed: seed, stream: 77)
    while true {
        let count = Int(random.integer(below: 12)) + 1
        let distributions = (0..<count).map { _ in
            everyDistribution[Int(random.integer(below: UInt64(everyDistribution.count)))]
        }
        let order = random.permutation(of: count)
        var parameters = [Parameter]()
        for position in 0..<count {
            var conditions = [Condition]()
            for _ in 0..<random.integer(below: 3) {
                let parent = Int(random.integer(below: UInt64(count)))
                // Only a parent earlier in a hidden order, so that there is no cycle.
                guard order[parent] < order[position] else { continue }
                let value = distributions[parent].sample(using: &random)
                if let number = value.asNumber, random.uniform() < 0.7 {
                    conditions.append(Condition("p\(parent)", .comparison(.lessOrEqual, number)))
                } else {
                    conditions.append(Condition("p\(parent)", .equals(value)))
                }
            }
            parameters.append(Parameter("p\(position)", distributions[position], when: conditions))
        }
        // Conditions may exclude each other; then another space is drawn.
        if let space = try? SearchSpace(parameters) { return space }
    }
}

/// Every assignment of a discrete space, by brute force over the legal values of positive weight.
func everyAssignment(of space: SearchSpace) -> [Assignment] {
    func values(_ distribution: Distribution) -> [ParameterValue] {
        switch distribution {
        case .real(_, let min, _): [.number(min)]
        case .quantized(_, let min, let max, let step):
            (Int((min / step).rounded(.down))...Int((max / step).rounded(.up))).compactMap { factor in
                distribution.legalForm(of: .number(Double(factor) * step))
            }
        case .integer(let min, let max, let step, _): stride(from: min, through: max, by: step).map { .integer($0) }
        case .choice(let values, let weights): zip(values, weights).filter { $0.1 > 0 }.map(\.0)
        case .ordinal(let values): values
        }
    }
    var products: [[String: ParameterValue]] = [[:]]
    for parameter in space.parameters {
        products = products.flatMap { product in
            [product]
                + values(parameter.distribution).map { value in
                    product.merging([parameter.name: value]) { _, new in new }
                }
        }
    }
    return products.map { Assignment($0, in: space) }.filter { space.problem(with: $0) == nil }
}

/// Observations of random assignments with outcomes of every kind.
func history(_ count: Int, in space: SearchSpace, seed: UInt64 = 1) -> [Observation] {
    var random = RandomStream(seed: seed, stream: 78)
    return (0..<count).map { number in
        let assignment = RandomSampler().suggest(from: space, given: [], pending: [], using: &random)
        let outcome: Outcome =
            switch random.integer(below: 10) {
            case 0: .failed
            case 1: .diverged
            case 2: .pruned(nil)
            case 3: .pruned(random.normal())
            case _: .value(random.normal())
            }
        return Observation(number: number, assignment: assignment, outcome: outcome)
    }
}

extension Sampler {
    func suggest(
        from space: SearchSpace, given observations: [Observation], pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        suggest(from: space, given: Observations(observations), pending: pending, using: &random)
    }
}

/// Whether counts agree with expectations: Pearson's statistic below a bound passed by chance once in 10 million times
/// (5.2 standard deviations, by Wilson and Hilferty's normal approximation).
func agree(_ counts: [Int], with expected: [Double]) -> Bool {
    let statistic = zip(counts, expected).reduce(0) { sum, pair in
        sum + (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1) / pair.1
    }
    let degrees = Double(counts.count - 1)
    let spread = 2 / (9 * degrees)
    let bound = 1 - spread + 5.2 * spread.squareRoot()
    return statistic < degrees * bound * bound * bound
}

extension GridSampler {
    /// The first point that has not been tried; nil if all have.
    func next(in space: SearchSpace, given observations: Observations, pending: [Assignment]) -> Assignment? {
        var scan = Scan(self, of: space)
        return try? scan.next(given: observations, pending: pending)
    }
}
