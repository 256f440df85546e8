import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepEngine
import SweepExecution
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import SweepStore

/// `revsweep confirm`: runs the best configurations of a sweep again with fresh seeds, and says which is best and what
/// can be expected of it.
///
///     revsweep confirm digits --top 5 --seeds 10
///
/// The trials run as a sweep of their own, `results/digits-confirm`, which every other command can read. What they have
/// shown is written beside the sweep, as `confirmed.json`, and `best.yaml` then has the configuration that is best with
/// fresh seeds. Interrupted, the same command goes on; with more seeds or more configurations it runs what is missing,
/// and what failed.
///
/// | exit code | |
/// |---|---|
/// | 0 | all trials have ended |
/// | 1 | the sweep has no complete trial, or cannot be run |
/// | 2 | no trial with a fresh seed is complete |
/// | 130 | it was interrupted |
struct ConfirmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Runs the best configurations again with fresh seeds: which is best, and how good is it?",
        discussion: """
            revsweep confirm digits --top 5 --seeds 10

            The best of many trials is partly the luckiest. Each of the best configurations is run with the same fresh \
            seeds, in a sweep of its own beside this one, SWEEP-confirm. The table has the mean of each with its 95 % \
            interval, and whether it can be told from the best. best.yaml then has the configuration that is best with \
            fresh seeds, and confirmed.json all results. The same command goes on after an interruption, tries again \
            what failed, and adds seeds or configurations.

            A trainer finds its seed in REVSWEEP_SEED and {seed}. A parameter, or a number in the base configuration, \
            that is called seed, random_seed, random_state or rng_seed is set to it, too.
            """)

    @OptionGroup var sweep: SweepArgument
    @Option(help: "How many of the best configurations.") var top = 5
    @Option(help: "With how many seeds each of them is run.") var seeds = 10
    @Option(help: "The parameter, or the path in the base configuration, that is the trainer's seed.")
    var seedParameter: String?
    @OptionGroup var options: RunningOptions

    func validate() throws {
        if top < 1 { throw ValidationError("--top must be at least 1, found \(top)") }
        if !(1...10_000).contains(seeds) { throw ValidationError("--seeds must be from 1 to 10000, found \(seeds)") }
    }

    func run() async throws {
        try options.mirror.check()
        let interruptions = Signals.interruptions()
        let source = try StoredSweep(in: sweep.directory())
        // Such a release filled in placeholders and numbers in other ways.
        if source.record.trainerDirectory == "{trial_dir}" {
            throw UserError(
                message: "the sweep was started by an early release, whose trials cannot be repeated exactly",
                help: "start it anew: give its file another name, then: revsweep run FILE\(sweep.results.words)")
        }
        let objectives = source.record.objectives
        if objectives.areSeveral {
            throw UserError(
                message: "'\(source.record.name)' optimizes several metrics, of which none decides alone",
                help: "revsweep best \(sweep.words) lists the trials that no other one dominates")
        }
        let seedParameter = try seedParameter(of: source.file)
        // What breaks a bound is no candidate, however good its value is.
        let trials = try source.store.trials()
        let legal = trials.filter(objectives.keepsBounds)
            .compactMap { trial in adopted(trial, by: source.file) }
        let all =
            ReplicatedBest(of: legal, in: source.file.sweep)?.candidates(seedParameter: seedParameter)
            ?? source.record.metric.candidates(among: legal, seedParameter: seedParameter)
        let candidates = Array(all.prefix(top))
        if candidates.isEmpty {
            guard trials.contains(where: objectives.breaksBounds) else { throw UserError.nothingComplete(sweep) }
            throw UserError(
                message: "no trial of the sweep '\(sweep.sweep)' keeps the bounds",
                help: "revsweep best \(sweep.words) shows the one that exceeds them least")
        }
        let plan = ConfirmationPlan(
            of: source.file, record: source.record, in: source.directory, candidates: candidates, seeds: seeds,
            seedParameter: seedParameter)
        let isSaid = !options.quiet && !options.json
        if isSaid {
            if candidates.count < top {
                try Console.print("the sweep has \(candidates.count) different configurations that are complete")
            }
            let place = seedParameter.map { ", and as '\($0)'" } ?? ""
            try Console.print("trainers get their seeds as REVSWEEP_SEED and {seed}\(place)")
        }
        let opened = try await SweepSession.opening { try await open(plan) }
        try await opened.closing(unmerged: SweepSession.warn) { opened in
            let ending = try await SweepSession(opened, interruptions: interruptions, options: options)
                .runTrials(improved: { _ in })
            let confirmation = Confirmation(
                metric: source.record.metric, bounds: objectives.bounds, candidates: candidates, seeds: plan.seeds,
                trials: try opened.store.trials(), seedParameter: seedParameter)
            try write(confirmation, source, in: opened.directory)
            try tell(confirmation, source, opened, ending)
        }
    }

    /// A trial with its values as the file has them now; nil if they are not legal any more.
    private func adopted(_ trial: TrialRecord, by file: SweepFile) -> TrialRecord? {
        guard let values = try? file.sweep.space.adopting(trial.parameters.valuesByName) else { return nil }
        var trial = trial
        trial.parameters = values.mapValues { file.sweep.written.shown($1, of: $0) }
        return trial
    }

    /// The parameter that is the trainer's seed, as it was given, or by its name.
    ///
    /// - Throws: `UserError` if the one that was given does not exist.
    private func seedParameter(of file: SweepFile) throws -> String? {
        guard let seedParameter else { return file.seedParameter }
        if file.canBeSeed(seedParameter) { return seedParameter }
        let names = file.sweep.space.parameters.map(\.name) + (file.base?.root.leafPaths ?? [])
        throw UserError(
            message: "'\(seedParameter)' is neither a parameter of this sweep nor in its base configuration",
            help: nearestName(to: seedParameter, among: names).map { "did you mean '\($0)'?" })
    }

    /// Opens the sweep of the fresh seeds.
    ///
    /// - Throws: `UserError` if it was begun with another trainer or space, whose results do not go together, or if its
    ///   folder has another sweep.
    private func open(_ plan: ConfirmationPlan) async throws -> OpenSweep {
        if try plan.isTaken() {
            throw UserError(
                message: "the trials with fresh seeds would be the sweep '\(plan.name)', and there is one already that "
                    + "is none of revsweep confirm: \(plan.directory)",
                help: "move it away: mv \(shell: plan.directory) \(shell: plan.directory + "-former")")
        }
        do {
            return try await plan.opening(cores: Machine.cores.count, at: Date(), SweepSession.heldUp)
        } catch let error as OpenSweepError {
            let changes: [FileChange]
            switch error {
            case .changed(_, let found), .contradicted(_, let found, _), .needsDefault(_, let found, _): changes = found
            case .otherFolder, .exists, .nothingToImport: throw error
            }
            throw UserError(
                message: "since the sweep in \(plan.directory) was begun, this one has changed:\n"
                    + changes.map { "    \($0)" }.joined(separator: "\n"),
                help: "its results do not hold any more; to begin anew, move it away: "
                    + "mv \(shell: plan.directory) \(shell: plan.directory + "-former")")
        }
    }

    /// Writes what was found beside the sweep, once all trials have ended: means of few seeds are luck, too.
    private func write(_ confirmation: Confirmation, _ source: StoredSweep, in directory: String) throws {
        let (ended, planned) = confirmation.progress
        guard confirmation.best != nil, ended == planned else { return }
        let node = confirmation.node(sweep: source.record.name, in: directory)
        try TrialFiles.replace(
            ConfirmedBest.fileName, inSweepAt: source.directory, with: node.indentedJSON() + "\n")
        // The sweep may have gone on in the meantime, and have a better trial.
        let best = try source.bestConfig()
        guard let first = best.trials.first else { return }
        try TrialFiles.replace("best.yaml", inSweepAt: source.directory, with: best.yaml(of: first))
    }

    /// How many trials have failed for which no other one has been run since.
    private func failures(in opened: OpenSweep) throws -> Int {
        struct Run: Hashable {
            var parameters: Assignment
            var seed: UInt64
        }
        let trials = try opened.store.trials()
        func runs(_ haveFailed: Bool) -> Set<Run> {
            let chosen = trials.filter { ($0.state == .failed) == haveFailed }
            return Set(chosen.map { Run(parameters: $0.parameters, seed: $0.seed) })
        }
        return runs(true).subtracting(runs(false)).count
    }

    private func tell(
        _ confirmation: Confirmation, _ source: StoredSweep, _ opened: OpenSweep, _ ending: SweepEnding
    ) throws {
        let (ended, planned) = confirmation.progress
        if options.json {
            try Console.print(
                confirmation.node(sweep: source.record.name, in: opened.directory).indentedJSON())
        } else if !options.quiet, confirmation.best != nil {
            let place = ended == planned ? "\n\nwritten: \(source.directory)/best.yaml, confirmed.json" : ""
            try Console.print("\n\(confirmation.text)\(place)")
            let failed = try failures(in: opened)
            if ended == planned, failed > 0 {
                let it = failed == 1 ? "it" : "them"
                try Console.print("\n\(HumanText.count(failed, "trial")) failed; the same command runs \(it) again")
            }
        }
        if ended < planned {
            if !options.quiet, !options.json {
                let again = "revsweep confirm \(sweep.words) --top \(top) --seeds \(seeds)"
                try Console.print("\n\(ended) of \(planned) trials have ended; go on with: \(again)")
            }
            if ending == .interrupted { throw ExitCode(130) }
        }
        if confirmation.best == nil {
            Console.printError(
                "error: no trial with a fresh seed is complete\n"
                    + "  = help: revsweep trials \(shell: opened.directory) lists them, and revsweep logs "
                    + "what they printed"
            )
            throw ExitCode(2)
        }
    }
}
