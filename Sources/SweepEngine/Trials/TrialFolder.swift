import ConfigFile
import Foundation
import SweepExecution
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import TrialProtocol

/// Where a sweep's trials live, and what each is started with.
///
///     folder.path(of: 12)      // "/results/digits/trials/000012"
struct TrialFolder: Sendable {
    let file: SweepFile
    /// The sweep's own folder, absolute.
    let directory: String
    let programs: TrialPrograms
    /// Names this planner in the environment of its trainers.
    let token: String

    /// The folder of a trial, absolute. It need not exist.
    func path(of number: Int) -> String { "\(directory)/\(TrialRecord.folder(of: number))" }

    /// Says how to start a trial's attempt, and what is to be in its folder then.
    ///
    /// Nothing is written here: `TrialProcess` makes the folder and the files.
    ///
    /// - Parameter slot: the cores and GPUs that the trial has for itself.
    /// - Throws: `DiagnosticsError` if the base configuration cannot hold the values.
    func launch(_ trial: TrialRecord, in slot: TrialSlots.Slot) throws -> TrialLaunch {
        let path = path(of: trial.number)
        var files: [String: String] = [:]
        var configPath: String?
        if let config = try file.configText(for: trial.assignment(in: file.sweep.space), seed: trial.seed) {
            files[file.configName] = config
            configPath = "\(path)/\(file.configName)"
        }
        var context = CommandTemplate.Context(
            config: configPath, trialDirectory: path, sweepDirectory: file.directory, number: trial.number,
            attempt: trial.attempt, seed: trial.seed, resources: file.sweep.resources,
            parameters: trial.parameters.map { ($0.name, $0.value) }, written: file.sweep.written)
        let parameters = context.parametersJSON
        let isTooLarge = parameters.utf8.count > Self.largestParameters
        files[LogMarks.fileName] = LogMarks.text(adding: trial.attempt, in: path)
        let needsParametersFile = templates.contains(where: \.needsParametersFile)
        if isTooLarge || needsParametersFile {
            files["params.json"] = parameters + "\n"
        }
        if templates.contains(where: \.needsNestedParametersFile) {
            files["params.nested.json"] = context.nestedParametersJSON + "\n"
        }
        if let wandb { files.merge(wandb.files(for: context.parameters)) { $1 } }
        let environment = environment(
            trial, slot, context, parameters: isTooLarge ? nil : parameters,
            hasFile: isTooLarge || needsParametersFile)
        context.variable = { environment[$0] ?? CommandTemplate.environmentVariable($0) }
        func expanded(_ command: [CommandTemplate]) -> [String] { command.arguments(in: context) }
        let trainer = [programs.trainer] + expanded(Array(file.sweep.trainer.command.dropFirst()))
        let command: [String]
        if let launcher = file.sweep.launcher, let program = programs.launcher {
            command = [program] + expanded(Array(launcher.command.dropFirst())) + EndMark.shell + trainer
        } else if let cores = slot.cores, let program = programs.taskset {
            command = [program, "--cpu-list", cores.map(String.init).joined(separator: ",")] + trainer
        } else {
            command = trainer
        }
        let resources = file.sweep.resources
        return TrialLaunch(
            program: command[0], arguments: Array(command.dropFirst()),
            environment: environment, directory: path, files: files,
            workingDirectory: file.trainerDirectory(in: context), timeout: resources.timeout, stall: resources.stall,
            // What runs elsewhere is not seen here: there it is the launcher's matter.
            memory: programs.launcher == nil ? resources.memory : nil,
            processes: programs.launcher == nil ? resources.processes : nil,
            stopSignal: file.sweep.launcher?.stopSignal.number ?? SIGTERM, isRemote: programs.launcher != nil,
            reportPatterns: file.sweep.trainer.reports)
    }

    /// How large the parameters may be as JSON to fit one environment variable: Linux takes 128 KiB with its name and
    /// the NUL at its end.
    static let largestParameters = 131_072 - TrialVariable.parameters.rawValue.utf8.count - 2

    /// What the trainer needs that was written for W&B; nil for any other.
    private var wandb: WandBClient? {
        switch file.sweep.trainer.client {
        case nil: nil
        case .some(let client):
            switch client.library {
            case .wandb: WandBClient(isNested: client.isNested)
            }
        }
    }

    /// Every text of the sweep that may mention a file of the trial.
    private var templates: [CommandTemplate] {
        let trainer = file.sweep.trainer
        return trainer.command + trainer.environment.values + (file.sweep.launcher?.command ?? [])
    }

    /// The variables that the trainer gets beside those of this process. Of equal names the last in this order counts:
    /// the numbers of threads and what goes with them, those of another tool's library, those of the protocol, those
    /// that the sweep file gives.
    ///
    /// - Parameters:
    ///   - parameters: as JSON; nil where they are too large for a variable.
    ///   - hasFile: whether they are in a file.
    private func environment(
        _ trial: TrialRecord, _ slot: TrialSlots.Slot, _ context: CommandTemplate.Context, parameters: String?,
        hasFile: Bool
    ) -> [String: String] {
        var variables: [TrialVariable: String] = [
            .sweep: file.sweep.name, .trial: String(trial.number), .attempt: String(context.attempt),
            .trialDirectory: context.trialDirectory, .seed: String(trial.seed), .planner: token,
        ]
        variables[.parameters] = parameters
        variables[.parametersFile] = hasFile ? context.parametersFile : nil
        variables[.config] = context.config
        // This planner may itself be the trainer of another one, which has to know what is started here.
        let own = ProcessInfo.processInfo.environment
        let outer = [TrialVariable.outer, .planner, .trialDirectory].compactMap { own[$0.rawValue] }
        if !outer.isEmpty { variables[.outer] = outer.joined(separator: "\n") }
        let protocolVariables = Dictionary(uniqueKeysWithValues: variables.map { ($0.rawValue, $1) })
        var environment: [String: String] = [:]
        for name in SweepFile.numericalVariables { environment[name] = String(file.sweep.resources.threads) }
        // Into a pipe, Python prints what it has in pieces of 8 KiB, and a report would come too late to act on.
        if getenv("PYTHONUNBUFFERED") == nil { environment["PYTHONUNBUFFERED"] = "1" }
        environment["CUDA_VISIBLE_DEVICES"] = slot.gpus?.joined(separator: ",")
        if let wandb {
            let variables = wandb.environment(
                sweep: file.sweep.name, trial: trial.number, directory: context.trialDirectory)
            environment.merge(variables) { $1 }
        }
        // By these the trainer, and whatever it starts, is known as this planner's.
        environment.merge(protocolVariables) { _, ours in ours }
        let given = file.sweep.trainer.environment
        if !given.isEmpty {
            var context = context
            let known = environment
            context.variable = { known[$0] ?? CommandTemplate.environmentVariable($0) }
            // None of the given ones has a name of the protocol's.
            environment.merge(given.compactMapValues { $0.value(in: context) }) { _, given in given }
        }
        if let wandb {
            let former = environment["PYTHONPATH"] ?? own["PYTHONPATH"]
            environment["PYTHONPATH"] = wandb.pythonPath(context.trialDirectory, before: former)
        }
        return environment
    }
}

extension Launcher.StopSignal {
    /// As the system numbers it.
    fileprivate var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .interrupt: SIGINT
        case .hangup: SIGHUP
        case .user1: SIGUSR1
        case .user2: SIGUSR2
        }
    }
}
