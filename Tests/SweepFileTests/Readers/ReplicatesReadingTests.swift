import ConfigFile
import EarlyStopping
import SweepFile
import SweepModel
import Testing

/// `replicates` in a sweep file.
@Suite struct ReplicatesReadingTests {
    private static func read(
        _ replicates: String, rest: String = "", base: String? = nil,
        parameters: String = "lr: {type: uniform, min: 0, max: 1}",
        metric: String = "metric: {name: loss, goal: minimize}", budget: String = "{trials: 3}"
    ) throws(DiagnosticsError) -> SweepFile {
        let config = base == nil ? "" : ", config: base.yaml"
        let text = """
            \(metric)
            trainer: {command: [train, "{seed}"]\(config)}
            budget: \(budget)
            parameters: {\(parameters)}
            replicates: \(replicates)
            \(rest)
            """
        return try SweepFile(
            source: SourceFile(path: "s.yaml", text: text), base: base.map { SourceFile(path: "base.yaml", text: $0) },
            directory: "/nowhere")
    }

    @Test(
        arguments: [
            ("3", Replicates(seeds: 3)), ("{seeds: 5}", Replicates(seeds: 5)),
            ("{seeds: 2, value: median}", Replicates(seeds: 2, value: .median)),
            ("{value: lcb, seeds: 10}", Replicates(seeds: 10, value: .lcb)),
        ] as [(String, Replicates)])
    func `a number or a mapping`(text: String, replicates: Replicates) throws {
        #expect(try Self.read(text).sweep.replicates == replicates)
    }

    @Test(
        arguments: [
            ("3", "lr: 1\nseed: 1", "seed"),
            ("3", "lr: 1\ndata: {seed: 1}\ntrain: {x: {random_state: 4}}", "data.seed"),
            ("3", "lr: 1", nil), ("3", "lr: 1\nseed: none", nil),
            ("{seeds: 3, seed_parameter: run.number}", "lr: 1\nseed: 1\nrun: {number: null}", "run.number"),
            ("{seeds: 3, seed_parameter: null}", "lr: 1\nseed: 1", nil),
        ] as [(String, String, String?)])
    func `where the seed is in the base configuration`(text: String, base: String, path: String?) throws {
        let file = try Self.read(text, base: base)
        #expect(file.sweep.replicates?.seedParameter == path)
        let config = try file.configText(for: ["lr": .number(0.5)], seed: 77)
        #expect(config?.contains("77") == (path != nil), "\(config ?? "")")
        #expect(
            path.flatMap { file.config(for: ["lr": .number(0.5)], seed: 77)?[path: $0]?.value }
                == path.map { _ in .integer(77) })
    }

    @Test(arguments: [
        ("1", "", "'replicates' must lie between 2 and 1000, found 1"),
        ("2.5", "", "'replicates' must be an integer"),
        ("many", "", "'replicates' must be a number of seeds or a mapping, found the string 'many'"),
        ("{value: mean}", "", "'replicates.seeds' is missing"),
        ("{seeds: 3, value: max}", "", "'replicates.value' cannot be 'max'"),
        ("{seeds: 3, vaule: mean}", "", "did you mean 'value'?"),
        ("{count: 3}", "", "the key is 'seeds'"),
        ("{seeds: 3, seed_parameter: x}", "", "is a path in the base configuration, and there is none"),
        ("3", "pruner: successive_halving", "does not go with the pruner 'successive_halving'"),
        (
            "3", "sampler: {name: grid, points: 3}\nreproducible: true",
            "a grid with 'replicates' cannot be reproducible"
        ),
        ("3", "bounds: [size <= 3]", "'replicates' goes with one metric and no bounds"),
    ])
    func `mistakes are told with their place`(text: String, rest: String, words: String) {
        let error = #expect(throws: DiagnosticsError.self) { try Self.read(text, rest: rest) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("s.yaml:5:") == true)
    }

    /// A part of the base configuration that every trial replaces as a whole, which has a seed in it.
    @Test func `what lies in a parameter is no seed`() throws {
        let file = try Self.read(
            "3", base: "train: {seed: 1, lr: 0.1}",
            parameters: "train: {type: choice, values: [{seed: 5, lr: 0.1}, {lr: 0.3}]}")
        #expect(file.sweep.replicates?.seedParameter == nil)
    }

    @Test(arguments: [
        ("3", "lr: 1\na: {seed: 1}\nb: {seed: 2}", "which is the trainer's seed: 'a.seed' or 'b.seed'?"),
        ("{seeds: 3, seed_parameter: lr}", "lr: 1", "'lr' cannot be the seed: 'lr' is a parameter of this sweep"),
        ("{seeds: 3, seed_parameter: word}", "lr: 1\nword: '7'", "and a seed is a whole number"),
        ("{seeds: 3, seed_parameter: word}", "lr: 1\nword: 0.5", "and a seed is a whole number"),
        ("{seeds: 3, seed_parameter: word}", "lr: 1\nword: !env SEED", "it leads to what has the tag !env"),
    ])
    func `a place that cannot hold the seed is a mistake`(text: String, base: String, words: String) {
        let error = #expect(throws: DiagnosticsError.self) { try Self.read(text, base: base) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("s.yaml:5:") == true)
    }

    @Test func `what does not go with several seeds is told at its own place`() {
        let seed = #expect(throws: DiagnosticsError.self) {
            try Self.read("3", parameters: "lr: {type: uniform, min: 0, max: 1}, seed: {type: choice, values: [1, 2]}")
        }
        #expect(
            seed?.description.contains("s.yaml:4:57: error: 'seed' is a parameter of this sweep") == true,
            "\(seed?.description ?? "")")
        let target = #expect(throws: DiagnosticsError.self) { try Self.read("3", budget: "{trials: 3, target: 0.5}") }
        #expect(target?.description.contains("s.yaml:3:") == true)
        let path = #expect(throws: DiagnosticsError.self) {
            try Self.read("{seeds: 3, seed_parameter: data.sed}", base: "lr: 1\ndata: {seed: 1}")
        }
        #expect(path?.description.contains("did you mean 'data.seed'?") == true)
        let structure = #expect(throws: DiagnosticsError.self) {
            try Self.read("{seeds: 3, seed_parameter: data}", base: "lr: 1\ndata: {seed: 1}")
        }
        #expect(structure?.description.contains("and a seed is a whole number") == true)
        let other = #expect(throws: DiagnosticsError.self) { try Self.read("3", rest: "repeats: 4") }
        #expect(other?.description.contains("replicates: {seeds: 3}") == true)
    }
}
