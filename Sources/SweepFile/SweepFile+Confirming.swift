import ConfigFile
import SweepModel
import SweepSearch

extension SweepFile {
    /// Names that a parameter has in many trainers if it is their seed.
    private static let seedNames: Set = ["seed", "random_seed", "random_state", "rng_seed"]

    /// The parameter, or the path in the base configuration, that is probably the trainer's seed; nil if none is, and
    /// the trainer has its seed from `{seed}` or `REVSWEEP_SEED`.
    ///
    ///     parameters: {lr: …, train.seed: {type: choice, values: [1, 2]}}     "train.seed"
    ///     seed: 42                                                            "seed", in the base configuration
    public var seedParameter: String? {
        func isSeed(_ path: String) -> Bool {
            Self.seedNames.contains(path.split(separator: ".").last.map { $0.lowercased() } ?? "")
        }
        let declared = sweep.space.parameters.map(\.name)
        let inBase = (base?.root.leafPaths ?? []).filter { path in
            if case .integer = base?.root[path: path]?.value { true } else { false }
        }
        // Of several the outermost: `data.seed` beside `seed` is that of the data alone.
        func outermost(_ paths: [String]) -> String? {
            paths.filter(isSeed).min { $0.split(separator: ".").count < $1.split(separator: ".").count }
        }
        return outermost(declared) ?? outermost(inBase)
    }

    /// Whether a parameter of this name, or a path in the base configuration, can be given a seed.
    public func canBeSeed(_ name: String) -> Bool {
        sweep.space[name] != nil || base?.root[path: name] != nil
    }

    /// The same trainer and the same space for a sweep whose trials are all enqueued: with another name, `trials` as
    /// its whole budget, and nothing that would choose values or end trials early.
    ///
    /// - Parameters:
    ///   - seedParameter: takes any seed of 31 bits there; it is added if the file does not have it.
    ///   - comment: what the text of the new file begins with, without `#`.
    /// - Throws: `DiagnosticsError` if that is no legal sweep, because a constraint names the seed, say.
    public func confirming(
        as name: String, trials: Int, seedParameter: String?, comment: String
    ) throws(DiagnosticsError) -> SweepFile {
        var entries = document.root.entries.filter { entry in
            !["name", "enqueue", "sampler", "pruner", "warm_start", "budget", "reproducible"].contains(entry.key)
        }
        if let seedParameter, let place = entries.firstIndex(where: { $0.key == "parameters" }) {
            let seed = ConfigEntry(
                key: seedParameter,
                node: .object(["type": .string("int"), "min": .integer(0), "max": .integer(Int(Int32.max))]))
            var parameters = entries[place].node.entries
            if let own = parameters.firstIndex(where: { $0.key == seedParameter }) {
                parameters[own] = seed
            } else {
                parameters.append(seed)
            }
            entries[place].node = ConfigNode(.mapping(parameters))
        }
        entries.insert(ConfigEntry(key: "name", node: ConfigNode(.string(name))), at: 0)
        entries.append(ConfigEntry(key: "sampler", node: ConfigNode(.string("random"))))
        entries.append(ConfigEntry(key: "budget", node: .object(["trials": .integer(max(1, trials))])))
        let text = "# \(comment)\n" + ConfigNode(.mapping(entries)).yaml(keepsSpelling: true)
        return try SweepFile(
            source: SourceFile(path: document.source.path, text: text), base: base?.source, directory: directory)
    }
}
