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
import TerminalDrawing
import TrialProtocol

/// One run of a sweep by this process, from the opened database to the summary at the end.
///
/// It connects what the modules offer: the runner of `SweepEngine`, the display of `SweepReport`, the signals and the
/// guardian process.
///
///     try await SweepSession(sweep, interruptions: Signals.interruptions(), options: options).run()
struct SweepSession {
    private let sweep: OpenSweep
    private let programs: TrialPrograms
    /// One for each trial that runs at once, with its cores and GPUs.
    private let slots: [TrialSlots.Slot]
    private let options: RunningOptions
    /// One element for each Ctrl-C; two at once for other signals.
    private let interruptions: AsyncStream<Void>

    /// - Throws: `DiagnosticsError` or `UserError` if this machine lacks a program, cores or GPUs that the sweep needs;
    ///   `UserError` if trials are in the hands of another program.
    init(_ sweep: OpenSweep, interruptions: AsyncStream<Void>, options: RunningOptions) throws {
        try sweep.requireNoneAsked()
        self.sweep = sweep
        self.interruptions = interruptions
        self.options = options
        programs = try sweep.file.programs(as: sweep.record.program)
        if let former = sweep.record.program, former != programs.trainer, !options.quiet, !options.json {
            Console.printError("note: \(former) cannot be run any more; trials are started with \(programs.trainer)")
        }
        slots = try TrialSlots(sweep.file.sweep, cores: Machine.cores, gpus: Machine.gpus).slots
    }

    /// Waits while another program holds the database, until Ctrl-C. While trials run, the first Ctrl-C only asks for
    /// them to end, and waiting goes on.
    static let heldUp = HeldUp(isGivenUp: { Signals.areUrgent }, notice: sayHeldUp)

    @Sendable static func sayHeldUp() {
        Console.printError("another program holds the database of this sweep; waiting until it lets go")
    }

    /// Opens a sweep. To check its stored file may take a search for a legal point; the first signal ends such a
    /// search.
    ///
    /// - Returns: what `open` returns.
    /// - Throws: `ExitCode` 130 after a signal, or what `open` throws.
    static func opening<Opened: Sendable>(_ open: () async throws -> Opened) async throws -> Opened {
        do {
            return try await SuggestionRequest.$current.withValue(
                SuggestionRequest(isWithdrawn: Signals.haveCome), operation: open)
        } catch {
            // A search that was cut short reports that it found nothing, which would mislead.
            if error is DiagnosticsError, Signals.haveCome() { throw ExitCode(130) }
            throw error
        }
    }

    /// Reports an error that does not change the outcome of the command.
    static func warn(_ error: any Error) { Console.printError("warning: \(error)") }

    /// Runs the sweep until it is over or is interrupted, and prints the summary.
    ///
    /// - Throws: `ExitCode` 2 if every trial failed and 130 after an interruption; `UserError` if the run had to stop.
    func run() async throws {
        let best = BestFile(sweep: sweep)
        let ending = try await runTrials(improved: best.write)
        let trial = try sweep.store.bestTrial()
        let written = trial.flatMap(best.writeForGood)
        try summarize(best: trial, ending, written)
    }

    /// Runs the sweep until it is over or is interrupted.
    ///
    /// - Parameter improved: is called with each trial that is better than all before it.
    /// - Throws: `UserError` if the run had to stop.
    func runTrials(improved: @escaping @Sendable (TrialRecord) -> Void) async throws -> SweepEnding {
        let token = "\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let features = Console.features
        let monitor = RunMonitor(
            try display(), style: style(on: features), features: features,
            improved: improved)
        try AddressSpace.requireEnough(for: sweep.file.sweep.sampler.name)
        monitor.begin(sweep, parallel: slots.count)
        try Descriptors.provide(forTrials: slots.count)
        await RuntimeDescriptors.open()
        let ending: SweepEnding
        do {
            ending = try await Guardian.guarding(token: token, program: ProgramSearch.ownExecutable) { guardian in
                let runner = SweepRunner(
                    sweep.file, store: sweep.store, lock: sweep.lock, directory: sweep.directory, programs: programs,
                    token: token, lag: sweep.record.lag, slots: slots, guardian: guardian,
                    isInterrupted: Signals.haveCome,
                    notify: { notice in
                        if case .started = notice { Signals.tolerateFirst() }
                        monitor.notice(notice)
                    })
                return try await monitor.watching {
                    try await options.mirror.following(sweep) { try await runner.run(interruptions: interruptions) }
                }
            }
        } catch {
            monitor.finish()
            let isTrainersFault = if case SweepRunError.everyTrialFailsAlike = error { true } else { false }
            throw UserError(
                message: "the sweep in \(sweep.directory) had to stop: "
                    + ((error as? CocoaError)?.words ?? "\(error)"),
                help: (error as? SweepStoreError).flatMap(help(for:))
                    ?? (isTrainersFault
                        ? "where the trainer was at fault, fix it, and go on with: "
                            + "revsweep resume \(shell: sweep.resumeName)\n"
                            + "          where the sweep file was: "
                            + "revsweep run FILE\(sweep.resultsWords) --accept-changes\n"
                            + "          before that, to have the values that failed tried again: "
                            + "revsweep rerun \(shell: sweep.resumeName)"
                        : "nothing that was stored is lost; go on with: revsweep resume \(shell: sweep.resumeName)"))
        }
        monitor.finish()
        return ending
    }

    private func style(on features: TerminalFeatures) -> RunMonitor.Style {
        if options.quiet || options.json { return .silent }
        return features.isLive && !options.plain && TerminalInput.isInForeground ? .live : .plain
    }

    /// What there is to be shown before the first trial.
    private func display() throws -> RunDisplay {
        let best = try sweep.store.bestTrial()
        return RunDisplay(
            sweep: sweep.file.sweep, counts: try sweep.store.counts(), imported: try sweep.store.importedCount(),
            best: best, bestAge: best?.ended.map { Duration.seconds(min(1e12, max(0, -$0.timeIntervalSinceNow))) },
            total: sweep.file.sweep.trialsToCome, parallel: slots.count, timeRun: try sweep.store.timeRun(),
            address: Console.address(of: sweep.directory), at: .now)
    }

    /// What the user can do about an error; nil where going on with the sweep is all there is to do.
    private func help(for error: SweepStoreError) -> String? {
        switch error {
        case .removed(let path) where path.hasSuffix("-wal"):
            "nothing that was stored is lost: it is moved into sweep.sqlite now; "
                + "go on with: revsweep resume \(shell: sweep.resumeName)"
        case .removed: "put the folder back and resume, or start anew: revsweep run FILE\(sweep.resultsWords)"
        case .locked: "let the other planner go on, or stop it: revsweep stop \(shell: sweep.resumeName)"
        case .damaged, .notASweep: "put a copy that was kept in its place"
        case .noSweep, .tooNew, .staleState, .notWritable, .unwritable, .incomplete, .missing, .held, .notMerged: nil
        }
    }

    /// Prints how the sweep stands, and turns its ending into an exit code.
    ///
    /// - Parameter written: which trial best.yaml has, where that is not the one with the best value.
    private func summarize(best: TrialRecord?, _ ending: SweepEnding, _ written: String?) throws {
        var summary = SweepSummary(
            sweep: sweep.file.sweep, directory: sweep.directory, planner: nil, counts: try sweep.store.counts(),
            imported: try sweep.store.importedCount(), best: best, timeRun: try sweep.store.timeRun())
        summary.front = try sweep.store.front()
        summary.replicated = try ReplicatedBest(of: sweep.file.sweep, in: sweep.store)?.leader
        let goodbye = words(for: ending, ended: summary.counts.values.reduce(0, +) - summary.imported)
        if ending == .interrupted, !options.quiet, !options.json { Console.printWhereOutputIsNotSeen(goodbye) }
        if options.json {
            var entries = summary.node.entries
            entries.append(ConfigEntry(key: "ending", node: ConfigNode(.string(ending.rawValue))))
            try Console.print(ConfigNode(.mapping(entries)).indentedJSON())
        } else if !options.quiet {
            try Console.print("\n" + summary.text)
            if summary.best != nil {
                try Console.print("          \(sweep.directory)/best.yaml" + (written.map { ": \($0)" } ?? ""))
            }
            try Console.print("\n" + goodbye)
        }
        if ending == .interrupted { throw ExitCode(130) }
        if !summary.counts.isEmpty, best == nil, summary.counts.keys.allSatisfy(\.isFinal) {
            try explainFailure(summary.counts)
            throw ExitCode(2)
        }
    }

    /// Says why no trial was completed: the last lines that one trial wrote to standard error, and which log has the
    /// rest.
    private func explainFailure(_ counts: [TrialState: Int]) throws {
        let state = [TrialState.failed, .diverged, .pruned].first { counts[$0] != nil }
        guard let state, let last = try sweep.store.lastTrial(preferably: state) else { return }
        if let errors = last.errorOutput, !errors.isEmpty { Console.printError(errors) }
        let all = [TrialState.failed, .diverged, .pruned]
            .compactMap { state in counts[state].map { "\($0) \(state.rawValue)" } }.joined(separator: ", ")
        // A pruned trial has made no mistake, so its reason explains nothing here.
        let reason =
            state == .pruned
            ? "" : "; the last that \(state.rawValue), trial \(last.number): \(last.reason?.description ?? "")"
        // The reason of a missing metric already says where to look.
        if last.reason?.kind == .noMetric {
            return Console.printError("error: no trial was completed (\(all))\(reason)")
        }
        let folder = "\(sweep.directory)/\(TrialRecord.folder(of: last.number))"
        let log = [TrialLog.errors, .output].map(\.fileName).first { TrialFiles.size(of: $0, in: folder) > 0 }
        let printed = log.map { "what trial \(last.number) printed: \(folder)/\($0)" }
        Console.printError(
            "error: no trial was completed (\(all))\(reason); "
                + (printed ?? "trial \(last.number) printed nothing"))
    }

    /// The last line for people: how the sweep ended, and what can be done now.
    private func words(for ending: SweepEnding, ended: Int) -> String {
        let budget = sweep.file.sweep.budget
        return switch ending {
        case .trials:
            ended > budget.trials ?? 0
                ? "done: \(ended) trials have ended, more than the budget of \(budget.trials ?? 0)"
                : "done: the budget's \(HumanText.count(budget.trials ?? 0, "trial")) "
                    + (budget.trials == 1 ? "has ended" : "have ended")
        case .grid: "done: every point of the grid has been tried"
        case .time:
            "ended: the budget's time is spent; a larger one goes on with: revsweep run FILE\(sweep.resultsWords)"
        case .failures: "ended: \(budget.failures ?? 0) trials failed, the most that the budget allows"
        case .target: "done: the metric has reached \(budget.target ?? 0)"
        case .interrupted: "interrupted; go on with: revsweep resume \(shell: sweep.resumeName)"
        }
    }
}

extension OpenSweep {
    /// The option for the folder that the sweep is in, as it is written behind `revsweep run FILE`, with a space before
    /// it; empty for the usual folder.
    var resultsWords: String {
        if resumeName != directory { return "" }
        return " --results \(shell: URL(fileURLWithPath: directory).deletingLastPathComponent().path)"
    }
}
