import ConfigFile

/// Finds where a trainer is given its seed, by the names that this has in many trainers.
///
///     parameters: {lr: …, train.seed: {type: choice, values: [1, 2]}}     "train.seed"
///     seed: 42                                                            "seed", in the base configuration
enum SeedParameter {
    private static let names: Set = ["seed", "random_seed", "random_state", "rng_seed"]

    /// The outermost of these paths that is called like a seed: `data.seed` beside `seed` is that of the data alone.
    static func outermost(of paths: [String]) -> String? {
        paths.filter { path in names.contains(path.split(separator: ".").last.map { $0.lowercased() } ?? "") }
            .min { $0.split(separator: ".").count < $1.split(separator: ".").count }
    }

    /// The whole number of a base configuration that is called like a seed.
    static func path(in base: ConfigNode?) -> String? {
        outermost(
            of: (base?.leafPaths ?? []).filter { path in
                if case .integer = base?[path: path]?.value { true } else { false }
            })
    }
}
