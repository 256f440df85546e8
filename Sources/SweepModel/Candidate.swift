import SweepSearch

/// A configuration among the best of a sweep: the values of one trial, or of several that differ in their seed alone.
///
///     let best = sweep.metric.candidates(among: trials, seedParameter: "seed").prefix(5)
///     best.first?.number              // 23
public struct Candidate: Sendable, Hashable {
    /// The complete trials with these values; the first is the one by which the configuration is called, mostly the
    /// best. Never empty.
    public let numbers: [Int]
    /// The mean of their values.
    public let value: Double
    /// Their values, without that of the parameter which is the trainer's seed.
    public let parameters: Assignment

    public init(numbers: [Int], value: Double, parameters: Assignment) {
        precondition(!numbers.isEmpty, "a candidate has a trial")
        self.numbers = numbers
        self.value = value
        self.parameters = parameters
    }

    /// The trial by which it is called.
    public var number: Int { numbers[0] }
}

extension Metric {
    /// The configurations of the complete trials, the best first.
    ///
    /// - Parameter seedParameter: the parameter that is the trainer's seed: trials that differ in it alone are one
    ///   configuration. Nil if no parameter is.
    public func candidates(among trials: some Sequence<TrialRecord>, seedParameter: String?) -> [Candidate] {
        var order: [Assignment] = []
        var groups: [Assignment: [(number: Int, value: Double)]] = [:]
        for trial in ranked(trials) {
            guard let value = trial.value else { continue }
            let parameters = trial.parameters.without(seedParameter)
            if groups[parameters] == nil { order.append(parameters) }
            groups[parameters, default: []].append((trial.number, value))
        }
        let candidates = order.compactMap { parameters -> Candidate? in
            guard let group = groups[parameters] else { return nil }
            // The sum of finite values may not be finite.
            let mean = group.reduce(0) { $0 + $1.value / Double(group.count) }
            return Candidate(numbers: group.map(\.number), value: mean, parameters: parameters)
        }
        return candidates.sorted { isBetter(($0.number, $0.value), than: ($1.number, $1.value)) }
    }
}

extension Assignment {
    /// The values of all parameters but one.
    ///
    /// - Parameter name: nil for all of them.
    public func without(_ name: String?) -> Assignment {
        guard let name, names.contains(name) else { return self }
        let kept = filter { $0.name != name }
        return Assignment(names: kept.map(\.name), values: kept.map(\.value))
    }
}
