import SweepModel
import Tables

extension Confirmation {
    /// The table for people, then which is best and what can be expected of it.
    ///
    ///     val_accuracy of the best 3 configurations, each with 10 fresh seeds
    ///
    ///     trial  in the sweep     mean  95 % interval       deviation  seeds  against the best
    ///     17          0.98611  0.97222  0.96800 to 0.97644  0.0059     10
    ///     23          0.98889  0.97167  …                                     not told apart (p 0.62)
    public var text: String {
        var table = TextTable([
            ("trial", .right), ("in the sweep", .decimal), ("mean", .decimal), ("95 % interval", .left),
            ("deviation", .decimal), ("seeds", .right), ("against the best", .left),
        ])
        for configuration in configurations {
            let statistics = configuration.statistics
            table.add([
                "\(configuration.candidate.number)", HumanText.number(configuration.candidate.value),
                statistics.map { HumanText.number($0.mean) } ?? "",
                statistics?.interval.map(Self.words) ?? "",
                statistics?.deviation.map { HumanText.formatted("%.2g", $0) } ?? "",
                "\(statistics?.count ?? 0)", verdict(on: configuration),
            ])
        }
        let count = configurations.count
        var lines = [
            "\(metric.name) of the best \(count == 1 ? "configuration" : "\(count) configurations, each") with "
                + "\(seeds.count) fresh seed\(seeds.count == 1 ? "" : "s")", "", table.text,
        ]
        if let best, let statistics = best.statistics {
            lines += ["", "best: trial \(best.candidate.number), \(words(for: best, statistics))"]
        }
        if let valueOfChoice {
            lines.append(
                "      chosen by all seeds but one, and measured with that one: \(HumanText.number(valueOfChoice))")
        }
        if isWithoutEffect {
            lines += [
                "note: every seed gives the same result: the trainer does not seem to use the seed that it is given",
                "      it is in REVSWEEP_SEED and {seed}; for a seed among the parameters or in the base "
                    + "configuration: --seed-parameter NAME",
            ]
        }
        return lines.joined(separator: "\n")
    }

    private func words(for best: Configuration, _ statistics: SeedStatistics) -> String {
        let shown = HumanText.number(best.candidate.value)
        let mean = "\(metric.name) \(HumanText.number(statistics.mean))"
        let interval = statistics.interval.map { " (\(Self.words($0)))" } ?? ""
        return "\(mean)\(interval); the sweep had shown \(shown)"
    }

    private func verdict(on configuration: Configuration) -> String {
        var parts: [String] = []
        if configuration.failures > 0 {
            let all = HumanText.count(configuration.results.count, "seed")
            parts.append("no result with \(configuration.failures) of \(all)")
        }
        let count = configuration.statistics?.count ?? 0
        if let words = HumanText.beyondBound(configuration.seedsBeyondBounds.count, of: count) { parts.append(words) }
        if let comparison = configuration.comparison {
            let probability =
                comparison.probability < 0.001
                ? "p < 0.001"
                : "p "
                    + HumanText.formatted(
                        "%.2g", comparison.probability)
            let size = HumanText.formatted("%.2g", abs(comparison.difference))
            let direction = comparison.difference < 0 ? "better" : "worse"
            if isWithoutEffect, comparison.difference != 0 {
                // No chance is in it.
                parts.append("\(direction) by \(size)")
            } else {
                parts.append(
                    comparison.isSignificant
                        ? "\(direction) by \(size) (\(probability))" : "not told apart (\(probability))")
            }
        }
        return parts.joined(separator: "; ")
    }

    private static func words(_ interval: ClosedRange<Double>) -> String {
        "\(HumanText.number(interval.lowerBound)) to \(HumanText.number(interval.upperBound))"
    }
}
