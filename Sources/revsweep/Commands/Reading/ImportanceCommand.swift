import ArgumentParser
import ConfigFile
import ImportanceAnalysis
import SweepReport

/// `revsweep importance`: which parameters matter.
///
///     revsweep importance digits
struct ImportanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "importance", abstract: "Which parameters matter for the metric, and how sure that is.",
        discussion: """
            revsweep importance digits                      what the best tenth of the trials have in common
            revsweep importance digits --method fanova      what explains all trials, alone and in pairs

            PED-ANOVA gives the numbers of Optuna's default. Functional ANOVA counts parts of the space as the sweep \
            file distributes them; with --plain it counts plain values, as Optuna does.
            """)

    @OptionGroup var sweep: SweepArgument
    @Option(help: "ped-anova or fanova.") var method = Method.pedANOVA
    @Flag(help: "With fanova: over plain values, so that the last decade of a range counts most.") var plain = false
    @Flag(help: "For programs: one JSON object.") var json = false

    enum Method: String, ExpressibleByArgument, CaseIterable {
        case pedANOVA = "ped-anova"
        case functional = "fanova"
    }

    func validate() throws {
        if plain, method != .functional { throw ValidationError("--plain goes with --method fanova") }
    }

    func run() throws {
        let stored = try StoredSweep(in: sweep.directory())
        let (space, metric) = (stored.file.sweep.space, stored.record.metric)
        let trials = try stored.store.trials()
        let analysis: ImportanceListing.Analysis =
            switch method {
            case .pedANOVA: .pedANOVA(PedANOVA(of: trials, in: space, metric: metric))
            case .functional:
                .functional(FunctionalANOVA(of: trials, in: space, measure: measure), measure)
            }
        let listing = ImportanceListing(analysis, of: metric)
        try json
            ? Console.print(listing.node.indentedJSON())
            : Console.print(listing.text(isUnicode: Console.features.isUnicode, columns: Console.columns))
    }

    private var measure: FunctionalANOVA.Measure { plain ? .plain : .prior }
}
