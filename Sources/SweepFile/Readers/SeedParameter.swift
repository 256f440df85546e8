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
            .min { $0.depth < $1.depth }
    }

    /// The whole numbers of a base configuration that are called like a seed, the outermost ones: more than one where
    /// several lie equally deep.
    ///
    /// - Parameter parameters: what trials set; what lies in one of these, or around one, is no seed.
    static func paths(in base: ConfigNode?, besides parameters: [String] = []) -> [String] {
        let paths = (base?.leafPaths ?? []).filter { path in
            guard outermost(of: [path]) != nil, case .integer = base?[path: path]?.value else { return false }
            return clash(of: path, with: parameters) == nil
        }
        let depth = paths.map(\.depth).min()
        return paths.filter { $0.depth == depth }
    }

    /// The parameter that sets what is at a path, a part of it, or what it lies in; nil if none does.
    static func clash(of path: String, with parameters: [String]) -> String? {
        parameters.first { $0 == path || path.hasPrefix($0 + ".") || $0.hasPrefix(path + ".") }
    }
}

extension String {
    /// How many keys a path has.
    fileprivate var depth: Int { split(separator: ".").count }
}
