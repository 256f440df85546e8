import ConfigFile
import EarlyStopping
import SweepModel
import SweepSearch

/// Reads `pruner`: how trials that promise little are stopped.
///
///     pruner: asha
///     pruner: {name: asha, min_steps: 1, reduction: 3}        # the same: these are the defaults
///     pruner: {name: median, startup_trials: 5, warmup_steps: 10}
///     pruner: {name: threshold, upper: 10}                    # stops a trial whose metric is above 10
///
/// The pruners, and the options without which they are refused:
///
///     auto                             stops what will hardly be among the best, by how other trials ended
///     asha, hyperband                  a trial has to be among the best at each rung; hyperband needs max_steps
///     successive_halving               trials pause at rungs, and only the best are promoted
///     median, percentile               compared with others at the same step; percentile needs percentile
///     patience                         stops what no longer improves; needs patience
///     threshold                        stops what is beyond a bound; needs lower or upper
struct PrunerReader {
    let problems: DiagnosticCollector
    /// Whether lower or higher values are better, which `threshold` needs; nil where it could not be read.
    let goal: Metric.Goal?
    /// Which report is a trial's value, which `auto` needs; nil where it could not be read.
    let rule: Metric.Rule?

    /// The pruners that a file can name.
    private enum Name: String, CaseIterable {
        case auto, asha, hyperband, median, percentile, patience, threshold
        case successiveHalving = "successive_halving"
    }

    /// Nil if there is none, or if there is a mistake in it, which is reported.
    func read(_ file: ConfigSection) -> Pruning? {
        guard let node = file.node("pruner") else { return nil }
        switch node.value {
        case .string:
            guard let name: Name = file.choice("pruner") else { return nil }
            // A name alone has no options. It is read as an empty mapping, so that required options are reported.
            let none = ConfigNode(.null, at: node.location)
            return pruning(name, ConfigSection(none, path: "pruner", problems: problems))
        case .mapping:
            let section = file.section("pruner")
            guard section.requiredNode("name", help: "name: asha") != nil, let name: Name = section.choice("name")
            else {
                section.acceptOtherKeys()
                return nil
            }
            return pruning(name, section)
        case .null, .boolean, .integer, .number, .sequence:
            problems.report(
                "'pruner' must be a name or a mapping, found \(node.kindDescription)", at: node.location,
                help: "pruner: asha or pruner: {name: asha, min_steps: 1, reduction: 3}; to prune nothing, leave it out"
            )
            return nil
        }
    }

    /// Reads the options of one pruner; nil if a required one is missing or wrong, which is reported.
    private func pruning(_ name: Name, _ section: ConfigSection) -> Pruning? {
        switch name {
        case .auto:
            let warmupSteps = section.integer("warmup_steps", in: 0 ... .max) ?? 0
            return .stopping(PredictivePruner(countsBest: rule == .best, warmupSteps: warmupSteps))
        case .asha:
            let bracket = section.integer("bracket", in: 0...30) ?? 0
            return .stopping(AsynchronousHalvingPruner(spaced(rungs(section, bracket: bracket), section)))
        case .successiveHalving: return .promoting(spaced(rungs(section, bracket: 0), section))
        case .hyperband:
            guard section.requiredNode("max_steps", help: "max_steps: the steps of a trial that is not stopped") != nil
            else { return nil }
            let rungs = rungs(section, bracket: 0)
            guard let maxSteps = rungs.maxSteps else { return nil }
            return .stopping(
                HyperbandPruner(
                    minSteps: rungs.minSteps, maxSteps: maxSteps, reductionFactor: rungs.reductionFactor))
        case .median: return .stopping(comparison(section, percentile: 50))
        case .percentile:
            guard section.requiredNode("percentile", help: "percentile: 25 keeps the best quarter") != nil,
                let percentile = section.number("percentile", .closed(0...100))
            else { return nil }
            return .stopping(comparison(section, percentile: percentile))
        case .patience:
            guard
                section.requiredNode("patience", help: "patience: the reports that may pass without improvement") != nil
            else { return nil }
            let minDelta = section.number("min_delta", .nonNegative) ?? 0
            guard let patience = section.integer("patience", in: 1 ... .max) else { return nil }
            return .stopping(PatiencePruner(patience: patience, minDelta: minDelta))
        case .threshold: return threshold(section)
        }
    }

    /// Reads the ladder of successive halving: with `min_steps: 1` and `reduction: 3` its rungs are at steps 1, 3, 9,
    /// 27, …; with `bracket: 1` they begin at 3.
    ///
    /// - Parameter bracket: how many of the lowest rungs are left out.
    private func rungs(_ section: ConfigSection, bracket: Int) -> Rungs {
        let minSteps = section.integer("min_steps", in: 1 ... .max) ?? 1
        var maxSteps = section.integer("max_steps", in: 1 ... .max)
        if let given = maxSteps, given < minSteps {
            problems.report(
                "'\(section.name("max_steps"))' must be at least min_steps, which is \(minSteps), found \(given)",
                at: section.place(of: "max_steps"))
            maxSteps = nil
        }
        return Rungs(
            minSteps: minSteps, reductionFactor: section.integer("reduction", in: 2...1000) ?? 3, maxSteps: maxSteps,
            bracket: bracket)
    }

    /// The rungs as far apart as `spacing` says; without it as far as `reduction` does.
    private func spaced(_ rungs: Rungs, _ section: ConfigSection) -> Rungs {
        var rungs = rungs
        if let spacing = section.integer("spacing", in: 2...1000) { rungs.spacing = spacing }
        return rungs
    }

    /// Reads the options of the median and percentile pruners, which compare a trial with others at the same step.
    ///
    /// - Parameter percentile: from 0 to 100; 25 keeps the best quarter, 50 is the median.
    private func comparison(_ section: ConfigSection, percentile: Double) -> PercentilePruner {
        PercentilePruner(
            percentile: percentile, startupTrials: section.integer("startup_trials", in: 0 ... .max) ?? 5,
            warmupSteps: section.integer("warmup_steps", in: 0 ... .max) ?? 0,
            intervalSteps: section.integer("interval_steps", in: 1 ... .max) ?? 1,
            minTrials: section.integer("min_trials", in: 1 ... .max) ?? 1)
    }

    /// Reads the bounds beyond which a trial is stopped; at least one is needed.
    ///
    ///     metric: {name: loss, goal: minimize}          upper: 10     stops a trial whose loss is above 10
    ///     metric: {name: accuracy, goal: maximize}      lower: 0.2    stops a trial whose accuracy is below 0.2
    private func threshold(_ section: ConfigSection) -> Pruning? {
        let (lower, upper) = (section.number("lower"), section.number("upper"))
        let warmupSteps = section.integer("warmup_steps", in: 0 ... .max) ?? 0
        let intervalSteps = section.integer("interval_steps", in: 1 ... .max) ?? 1
        if !section.contains("lower"), !section.contains("upper") {
            problems.report(
                "'pruner' needs 'lower' or 'upper'", at: section.location,
                help: "upper: 10 prunes a trial whose metric is above 10")
        }
        if let lower, let upper, lower >= upper {
            problems.report(
                "'pruner.lower' must be less than upper, which is \(upper), found \(lower)",
                at: section.place(of: "lower"))
        }
        // Pruners get values with lower being better, so for `maximize` both bounds change their sign and swap places.
        let isNegated = goal == .maximize
        return .stopping(
            ThresholdPruner(
                lower: isNegated ? upper.map { -$0 } : lower, upper: isNegated ? lower.map { -$0 } : upper,
                warmupSteps: warmupSteps, intervalSteps: intervalSteps))
    }
}
