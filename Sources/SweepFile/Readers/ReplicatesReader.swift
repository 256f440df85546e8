import ConfigFile
import EarlyStopping
import SweepModel
import SweepSearch

/// Reads `replicates`: how often a configuration is run with different seeds.
///
///     replicates: 3
///     replicates: {seeds: 3, value: median, seed_parameter: data.seed}
///
/// `value` is `mean` if it is left out. `seed_parameter` is the path in the base configuration at which the trainer
/// reads its seed; without it, the whole number there that is called `seed`, `random_seed`, `random_state` or
/// `rng_seed`.
struct ReplicatesReader {
    /// What else the file says, as far as it does not go with replicates.
    struct Surroundings {
        var base: ConfigNode?
        var parameters: [String]
        var objectives: Objectives?
        var sampler: SamplerSettings
        var pruning: Pruning?
        var hasTarget: Bool
        var planning: Planning
    }

    let problems: DiagnosticCollector

    /// Nil if there are none, or if there is a mistake that leaves none, which is reported.
    func read(_ file: ConfigSection, beside others: Surroundings) -> Replicates? {
        guard let node = file.node("replicates") else { return nil }
        check(node, beside: others, in: file)
        switch node.value {
        case .integer, .number:
            let seeds = file.integer("replicates", in: 2...1000)
            return seeds.map { Replicates(seeds: $0, seedParameter: SeedParameter.path(in: others.base)) }
        case .mapping:
            let section = file.section("replicates")
            section.explain([
                "count": "the key is 'seeds'", "number": "the key is 'seeds'", "n": "the key is 'seeds'",
                "aggregate": "the key is 'value'", "statistic": "the key is 'value'",
            ])
            let seeds = section.requiredNode("seeds", help: "seeds: 3")
                .flatMap { _ in section.integer("seeds", in: 2...1000) }
            let value = section.choice("value", of: SeedValue.self) ?? .mean
            let path = seedParameter(section, beside: others)
            return seeds.map { Replicates(seeds: $0, value: value, seedParameter: path) }
        case .null, .boolean, .string, .sequence:
            problems.report(
                "'replicates' must be a number of seeds or a mapping, found \(node.kindDescription)",
                at: node.location, help: "replicates: 3 or replicates: {seeds: 3, value: median}")
            return nil
        }
    }

    private func seedParameter(_ section: ConfigSection, beside others: Surroundings) -> String? {
        guard let path = section.string("seed_parameter") else { return SeedParameter.path(in: others.base) }
        let clash = others.parameters.first { $0 == path || path.hasPrefix($0 + ".") || $0.hasPrefix(path + ".") }
        if let clash {
            problems.report(
                "'\(path)' cannot be the seed: '\(clash)' is a parameter of this sweep",
                at: section.place(of: "seed_parameter"))
            return nil
        }
        guard let base = others.base else {
            problems.report(
                "'\(section.name("seed_parameter"))' is a path in the base configuration, and there is none",
                at: section.place(of: "seed_parameter"),
                help: "the trainer has its seed from {seed} in its command, or from REVSWEEP_SEED")
            return nil
        }
        if let found = base[path: path] {
            switch found.value {
            case .mapping, .sequence: break
            case .null, .boolean, .integer, .number, .string: return path
            }
            problems.report(
                "'\(path)' is \(found.kindDescription) in the base configuration, which cannot be a seed",
                at: section.place(of: "seed_parameter"))
            return nil
        }
        problems.report(
            "'\(path)' is not in the base configuration", at: section.place(of: "seed_parameter"),
            help: nearest(path, among: base.leafPaths).map { "did you mean '\($0)'?" })
        return nil
    }

    /// Reports what does not go with replicates.
    private func check(_ node: ConfigNode, beside others: Surroundings, in file: ConfigSection) {
        if let name = SeedParameter.outermost(of: others.parameters) {
            problems.report(
                "'\(name)' is a parameter of this sweep: all seeds of a configuration would have the same one",
                at: file.node("parameters")?[name]?.location,
                help: "leave it out; each trial gets a seed of its own")
        }
        if others.objectives?.areOne == false {
            problems.report("'replicates' goes with one metric and no bounds", at: node.location)
        }
        if case .promoting = others.pruning {
            problems.report(
                "'replicates' does not go with the pruner 'successive_halving', whose trials pause",
                at: node.location, help: "asha and hyperband compare trials at the same rungs, and do not pause them")
        }
        if others.hasTarget {
            problems.report(
                "a target ends a sweep by the value of one trial, which 'replicates' does not rely on",
                at: file.node("budget")?["target"]?.location, help: "leave out 'target'")
        }
        if others.sampler.name == .grid, case .reproducible = others.planning {
            problems.report(
                "a grid with 'replicates' cannot be reproducible", at: node.location,
                help: "as parameters, all seeds are run: seed: {type: choice, values: [1, 2, 3]}")
        }
    }
}
