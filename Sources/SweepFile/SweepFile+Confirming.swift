import ConfigFile
import SweepModel
import SweepSearch

extension SweepFile {
    /// The parameter, or the path in the base configuration, that is the trainer's seed, as the file says or by its
    /// name; nil if none is, and the trainer has its seed from `{seed}` or `REVSWEEP_SEED`.
    public var seedParameter: String? {
        sweep.replicates?.seedParameter ?? SeedParameter.outermost(of: sweep.space.parameters.map(\.name))
            ?? SeedParameter.paths(in: base?.root).first
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
            ![
                "name", "enqueue", "sampler", "pruner", "replicates", "warm_start", "budget", "reproducible",
            ].contains(entry.key)
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
        let text = "# \(comment)\n" + ConfigNode(.mapping(entries)).yaml(.asWritten)
        return try SweepFile(
            source: SourceFile(path: document.source.path, text: text), base: base?.source, directory: directory)
    }
}
