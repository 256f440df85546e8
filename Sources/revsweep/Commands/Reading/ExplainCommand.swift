import ArgumentParser
import ConfigFile
import SweepReport

/// `revsweep explain`: why a trial was run and what was expected of it; or what made the best one good, and whether to
/// go on.
///
///     revsweep explain digits
///     revsweep explain digits 12
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Why a trial was run; what made the best one good, and when to stop.",
        discussion: """
            revsweep explain digits       the way from the defaults to the best, and what more trials would bring
            revsweep explain digits 12    who proposed trial 12, what was expected, and what came of it

            What a sampler expected of a trial is stored when it is planned. The way to the best and what more trials \
            would bring are estimates of a Gaussian process that is fitted to the trials.
            """)

    @OptionGroup var sweep: SweepArgument
    @Argument(help: "The trial's number; without it the sweep as a whole is explained.", completion: .trials)
    var number: Int?
    @Flag(help: "For programs: one JSON object.") var json = false

    func run() throws {
        try AddressSpace.requireEnough()
        let stored = try StoredSweep(in: sweep.directory())
        guard let number else {
            let explanation = SweepExplanation(
                of: try stored.store.trials(), try stored.store.proposals(), in: stored.file, name: stored.record.name)
            return try json
                ? Console.print(explanation.node.indentedJSON())
                : Console.print(
                    explanation.text(isUnicode: Console.features.isUnicode, columns: Console.columns))
        }
        let explanation = try TrialExplanation(
            of: stored.trial(number), in: stored.store, file: stored.file, record: stored.record)
        try json
            ? Console.print(explanation.node.indentedJSON())
            : Console.print(explanation.text(columns: Console.columns))
    }
}
