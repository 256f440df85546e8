import Foundation
import SweepModel
import SweepSearch

/// The parameters of a sweep as Optuna's distributions.
///
/// Optuna wants one name to have one kind and one list of choices in all trials, and knows fewer types: a normal
/// distribution becomes a range, and what a grid on a logarithmic axis was is noted beside the study. Values that
/// trials have from before a change of the file widen the ranges.
///
///     var space = OptunaSpace(sweep, names: ["lr"])
///     try store.forEachTrial { space.include($0.parameters) }
///     space.parameter("lr", 0.01)?.distribution      // .float(low: 0.001, high: 1, step: nil, log: true)
struct OptunaSpace: Sendable {
    private var entries: [String: Entry] = [:]
    /// What a parameter is in the sweep file, where Optuna has no such thing: by name, in words.
    private(set) var notes: [(name: String, words: String)] = []
    /// Whether values that trials have may widen a distribution, so that all of them have to be looked at first.
    private(set) var dependsOnTrials = false

    /// How far the range of a normal distribution reaches, in standard deviations, where no value lies beyond.
    private static let reach = 4.0

    /// - Parameter names: of all parameters that trials may have, also of such as the file has no more.
    init(_ sweep: Sweep, names: [String]) {
        for parameter in sweep.space.parameters {
            let (entry, isExact) = Self.entry(parameter.distribution)
            entries[parameter.name] = entry
            if !isExact { notes.append((parameter.name, "\(parameter.distribution)")) }
            if Self.isNormal(parameter.distribution) { dependsOnTrials = true }
        }
        for name in names where entries[name] == nil {
            entries[name] = Entry(distribution: .categorical([]))
            dependsOnTrials = true
        }
    }

    /// Widens the distributions so that these values are in them.
    mutating func include(_ parameters: Assignment) {
        for parameter in parameters { entries[parameter.name]?.include(parameter.value) }
    }

    /// The distributions by name; a choice without any value is left out.
    var distributions: [String: OptunaDistribution] {
        entries.mapValues(\.distribution).filter { $0.value != .categorical([]) }
    }

    /// A value with its distribution; nil if Optuna's distribution cannot have it.
    func parameter(_ name: String, _ value: ParameterValue) -> OptunaTrial.Parameter? {
        guard let entry = entries[name], let optuna = entry.optunaValue(value) else { return nil }
        return OptunaTrial.Parameter(name, optuna, from: entry.distribution)
    }

    private static func entry(_ distribution: Distribution) -> (Entry, isExact: Bool) {
        func range(_ low: Double, _ high: Double, step: Double? = nil, log: Bool) -> Entry {
            Entry(distribution: .float(low: low, high: max(low, high), step: step, log: log))
        }
        switch distribution {
        case .real(.linear, let min, let max): return (range(min, max, log: false), true)
        case .real(.logarithmic, let min, let max): return (range(min, max, log: true), true)
        case .quantized(.linear, let min, let max, let step):
            // Optuna's grid begins at `low`, and its `high` must be on it.
            let first = distribution.value(atQuantile: 0).asNumber ?? min
            let last = distribution.value(atQuantile: 1).asNumber ?? max
            return (range(first, last, step: step, log: false), true)
        case .quantized(.logarithmic, _, _, _):
            let first = distribution.value(atQuantile: 0).asNumber ?? 1
            return (range(first, distribution.value(atQuantile: 1).asNumber ?? first, log: true), false)
        case .real(.normal(let mean, let std), let min, let max),
            .quantized(.normal(let mean, let std), let min, let max, _):
            let (low, high) = (Swift.max(min, mean - reach * std), Swift.min(max, mean + reach * std))
            // A range far from the mean keeps its own bounds.
            return (low <= high ? range(low, high, log: false) : range(min, max, log: false), false)
        case .real(.logNormal(let mean, let std), let min, let max),
            .quantized(.logNormal(let mean, let std), let min, let max, _):
            let (low, high) = (Swift.max(min, exp(mean - reach * std)), Swift.min(max, exp(mean + reach * std)))
            let isWithin = low <= high && low > 0 && high.isFinite
            return (isWithin ? range(low, high, log: true) : range(min, max, log: min > 0), false)
        case .integer(let min, let max, let step, let isLogarithmic):
            // Optuna allows a step on a linear axis only.
            let last = if case .integer(let number) = distribution.value(atQuantile: 1) { number } else { max }
            return (
                Entry(
                    distribution: .integer(low: min, high: last, step: isLogarithmic ? 1 : step, log: isLogarithmic)),
                !isLogarithmic || step == 1
            )
        case .choice(let values, let weights):
            return (choice(values), Set(weights).count == 1)
        case .ordinal(let values): return (choice(values), false)
        }
    }

    private static func choice(_ values: [ParameterValue]) -> Entry {
        var entry = Entry(distribution: .categorical([]))
        for value in values { entry.include(value) }
        return entry
    }

    private static func isNormal(_ distribution: Distribution) -> Bool {
        switch distribution {
        case .real(.normal, _, _), .real(.logNormal, _, _), .quantized(.normal, _, _, _),
            .quantized(.logNormal, _, _, _):
            true
        case .real, .quantized, .integer, .choice, .ordinal: false
        }
    }
}
