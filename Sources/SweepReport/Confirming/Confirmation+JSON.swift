import ConfigFile
import SweepFile
import SweepModel

extension Confirmation {
    /// For programs: one object. The configurations are in the order of `configurations`, their values in that of the
    /// seeds, with null where there is no result.
    public func node(sweep: String, in directory: String) -> ConfigNode {
        .object([
            "sweep": .string(sweep),
            "directory": .string(directory),
            "metric": .string(metric.name),
            "goal": .string(metric.goal.rawValue),
            "seeds": .sequence(seeds.map { ConfigNode(.integer(Int(clamping: $0))) }),
            "best": best.map { .integer($0.candidate.number) },
            "value_of_choice": valueOfChoice.map { .number($0) },
            "configurations": .sequence(configurations.map(node)),
        ])
    }

    private func node(of configuration: Configuration) -> ConfigNode {
        let statistics = configuration.statistics
        return .object([
            "trial": .integer(configuration.candidate.number),
            "trials": .sequence(configuration.candidate.numbers.map { ConfigNode(.integer($0)) }),
            "params": ConfigNode.parameters(configuration.candidate.parameters).value,
            "shown": .number(configuration.candidate.value),
            "values": .sequence(
                seeds.map { seed in
                    ConfigNode((configuration.results[seed] ?? nil).map { .number($0) } ?? .null)
                }),
            "count": .integer(statistics?.count ?? 0),
            "failed": .integer(configuration.failures),
            "beyond_bounds": bounds.isEmpty ? nil : .integer(configuration.seedsBeyondBounds.count),
            "mean": statistics.map { .number($0.mean) },
            "deviation": statistics?.deviation.map { .number($0) },
            "low": statistics?.interval.map { .number($0.lowerBound) },
            "high": statistics?.interval.map { .number($0.upperBound) },
            "difference": configuration.comparison.map { .number($0.difference) },
            "p": configuration.comparison.map { .number($0.probability) },
        ])
    }
}
