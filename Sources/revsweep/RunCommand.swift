import ArgumentParser
import Foundation
import SweepEngine
import SweepExecution
import SweepFile
import SweepReport
import SweepStore

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a sweep, or goes on with it.",
        discussion: """
            A sweep that exists goes on where it stopped, if its file still means the same trials; budget and \
            resources may have changed.
            Ctrl-C lets the running trials end, a second one ends them; both leave a sweep that can be resumed.
            """)

    @Argument(help: "The sweep file.") var file: String
    @OptionGroup var results: ResultsOption
    @OptionGroup var options: RunningOptions

    func run() async throws {
        let file = try SweepFile.read(path: file)
        let program = try file.trainerProgram()
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let sweep = try await OpenSweep.starting(file, below: results.path, cores: cores, at: Date())
        try await SweepSession(sweep, program: program, cores: cores, options: options).run()
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with a sweep as it was started, after any interruption.")

    @OptionGroup var sweep: SweepArgument
    @OptionGroup var options: RunningOptions

    func run() async throws {
        let sweep = try OpenSweep.resuming(in: sweep.directory())
        let program = try sweep.file.trainerProgram()
        let cores = ProcessInfo.processInfo.activeProcessorCount
        try await SweepSession(sweep, program: program, cores: cores, options: options).run()
    }
}

struct RunningOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Say nothing but errors.") var quiet = false
    @Flag(help: "For programs: the sweep's status as a JSON object at the end, and nothing else.") var json = false
}

/// One run of a sweep by this process, from opening to summary.
struct SweepSession {
    private let sweep: OpenSweep
    private let program: String
    private let parallel: Int
    private let options: RunningOptions

    init(_ sweep: OpenSweep, program: String, cores: Int, options: RunningOptions) {
        self.sweep = sweep
        self.program = program
        parallel = sweep.file.sweep.resources.parallel(onCores: cores)
        self.options = options
    }

    /// - Throws: `ExitCode` 2 or 130 as the sweep ended, or what the run throws.
    func run() async throws {
        let token = "\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let best = BestFile(sweep: sweep)
        let monitor = RunMonitor(
            try RunDisplay(sweep: sweep.file.sweep, trials: sweep.store.trials(), at: Date()),
            style: options.quiet || options.json ? .silent : Console.isTerminal ? .live : .plain,
            improved: best.write)
        monitor.begin(sweep, parallel: parallel)
        let runner = SweepRunner(
            sweep.file, store: sweep.store, directory: sweep.directory, program: program, token: token,
            lag: sweep.record.lag, parallel: parallel, notify: monitor.notice)
        let ending = try await Guardian.guarding(token: token, program: ProgramSearch.ownExecutable) {
            try await monitor.watching { try await runner.run(interruptions: Signals.interruptions()) }
        }
        let trials = try sweep.store.trials()
        if let trial = trials.best(by: sweep.file.sweep.metric) { best.write(trial) }
        try summarize(trials, ending)
    }

    private func summarize(_ trials: [TrialRecord], _ ending: SweepEnding) throws {
        let summary = SweepSummary(
            sweep: sweep.file.sweep, directory: sweep.directory, planner: nil, trials: trials,
            timeRun: try sweep.store.timeRun())
        if options.json {
            Console.print(summary.node.indentedJSON())
        } else if !options.quiet {
            Console.print("")
            Console.print(summary.text)
            if summary.best != nil { Console.print("best.yaml " + "\(sweep.directory)/best.yaml") }
            if ending == .interrupted { Console.print("\ninterrupted; go on with: revsweep resume \(resumeName)") }
        }
        if ending == .interrupted { throw ExitCode(130) }
        if !trials.isEmpty, trials.allSatisfy({ $0.state == .failed }) {
            Console.printError(
                "error: every trial failed; the last: \(trials.last?.reason ?? "for no reason known")"
                    + (trials.last?.errorOutput.map { "\n\($0)" } ?? ""))
            throw ExitCode(2)
        }
    }

    private var resumeName: String {
        sweep.directory.hasSuffix("/results/\(sweep.file.sweep.name)") ? sweep.file.sweep.name : sweep.directory
    }
}

/// The best configuration so far, in the sweep's folder.
private struct BestFile: Sendable {
    let sweep: OpenSweep

    /// Whatever keeps the file from being written must not end the sweep: all it holds is in the database.
    @Sendable func write(_ trial: TrialRecord) {
        let best = BestConfig(file: sweep.file, record: sweep.record, trials: [trial])
        do {
            try BestConfig.write(best.yaml(of: trial), to: "\(sweep.directory)/best.yaml")
        } catch {
            Console.printError("warning: best.yaml could not be written: \(error.localizedDescription)")
        }
    }
}
