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
/// reads its seed, or null for none; without it, the whole number there that is called `seed`, `random_seed`,
/// `random_state` or `rng_seed`.
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
            let path = namedSeed(at: node.location, beside: others)
            return seeds.map { Replicates(seeds: $0, seedParameter: path) }
        case .mapping:
            let section = file.section("replicates")
            section.explain([
                "count": .key("seeds"), "number": .key("seeds"), "n": .key("seeds"),
                "aggregate": .key("value"), "statistic": .key("value"),
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

    /// The path that the file gives, which may be null for none, or else the one that is called like a seed.
    private func seedParameter(_ section: ConfigSection, beside others: Surroundings) -> String? {
        guard let node = section.node("seed_parameter") else {
            return namedSeed(at: section.location, beside: others)
        }
        if node.value == .null { return nil }
        guard let path = section.string("seed_parameter") else { return nil }
        func report(_ message: String, help: String? = nil) {
            problems.report(message, at: node.location, help: help)
        }
        guard let base = others.base else {
            report(
                "'\(section.name("seed_parameter"))' is a path in the base configuration, and there is none",
                help: "the trainer has its seed from {seed} in its command, or from REVSWEEP_SEED")
            return nil
        }
        if let clash = SeedParameter.clash(of: path, with: others.parameters) {
            report("'\(path)' cannot be the seed: '\(clash)' is a parameter of this sweep")
            return nil
        }
        if let found = base.foreignValue(onTheWayTo: path) {
            report("'\(path)' cannot be set in the base configuration: it leads to what has the tag \(found.tag)")
            return nil
        }
        switch base[path: path]?.value {
        case .integer, .null: return path
        case nil:
            report(
                "'\(path)' is not in the base configuration",
                help: nearest(path, among: base.leafPaths).map { "did you mean '\($0)'?" })
        case .boolean, .number, .string, .mapping, .sequence:
            let kind = base[path: path]?.kindDescription ?? ""
            report("'\(path)' is \(kind) in the base configuration, and a seed is a whole number")
        }
        return nil
    }

    /// The whole number in the base configuration that is called like a seed. Several that lie equally deep are a
    /// mistake: all but one would stay as they are.
    private func namedSeed(at place: SourceLocation?, beside others: Surroundings) -> String? {
        let paths = SeedParameter.paths(in: others.base, besides: others.parameters)
        if paths.count > 1 {
            problems.report(
                "which is the trainer's seed: \(paths.map { "'\($0)'" }.joined(separator: " or "))?", at: place,
                help: "replicates: {seeds: 3, seed_parameter: \(paths[0])}, or seed_parameter: null for none of them")
        }
        return paths.count == 1 ? paths[0] : nil
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
