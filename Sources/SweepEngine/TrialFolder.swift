import ConfigFile
import Foundation
import SweepExecution
import SweepFile
import SweepSearch
import SweepStore
import TrialProtocol

/// Where a sweep's trials live, and what each is started with.
struct TrialFolder: Sendable {
    let file: SweepFile
    /// The sweep's own folder, absolute.
    let directory: String
    let programs: TrialPrograms
    /// Names this planner in the environment of its trainers.
    let token: String

    func path(of number: Int) -> String {
        let digits = String(number)
        return "\(directory)/trials/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
    }

    /// Says how to start a trial, and what is to be in its folder then.
    ///
    /// - Throws: `DiagnosticsError` if the base configuration cannot hold the values.
    func launch(_ trial: TrialRecord, attempt: Int, in slot: TrialSlots.Slot) throws -> TrialLaunch {
        let path = path(of: trial.number)
        var files: [String: String] = [:]
        var configPath: String?
        if let config = try file.configText(for: trial.assignment(in: file.sweep.space)) {
            files["config.yaml"] = config
            configPath = "\(path)/config.yaml"
        }
        let context = CommandTemplate.Context(
            config: configPath, trialDirectory: path, sweepDirectory: file.directory, number: trial.number,
            attempt: attempt, seed: trial.seed, resources: file.sweep.resources,
            parameters: trial.parameters.map { ($0.name, $0.value) })
        func expanded(_ command: [CommandTemplate]) -> [String] { command.flatMap { $0.arguments(in: context) } }
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
            environment: environment(trial, attempt: attempt, slot, path: path, configPath: configPath),
            directory: path, files: files, workingDirectory: file.trainerDirectory(in: context),
            timeout: resources.timeout,
            stall: resources.stall,
            // What runs elsewhere is not seen here: there it is the launcher's matter.
            memory: programs.launcher == nil ? resources.memory : nil,
            processes: programs.launcher == nil ? resources.processes : nil,
            stopSignal: file.sweep.launcher?.stopSignal.number ?? SIGTERM, isRemote: programs.launcher != nil)
    }

    private func environment(
        _ trial: TrialRecord, attempt: Int, _ slot: TrialSlots.Slot, path: String, configPath: String?
    ) -> [String: String] {
        var variables: [TrialVariable: String] = [
            .sweep: file.sweep.name, .trial: String(trial.number), .attempt: String(attempt), .trialDirectory: path,
            .parameters: ConfigNode.parameters(trial.parameters.map { ($0.name, $0.value) }).json,
            .seed: String(trial.seed), .planner: token,
        ]
        variables[.config] = configPath
        // This planner may itself be the trainer of another one, which has to know what is started here.
        let own = ProcessInfo.processInfo.environment
        let outer = [TrialVariable.outer, .planner, .trialDirectory].compactMap { own[$0.rawValue] }
        if !outer.isEmpty { variables[.outer] = outer.joined(separator: "\n") }
        let protocolVariables = Dictionary(uniqueKeysWithValues: variables.map { ($0.rawValue, $1) })
        var environment: [String: String] = [:]
        for name in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
            environment[name] = String(file.sweep.resources.threads)
        }
        // Into a pipe, Python prints what it has in pieces of 8 KiB, and a report would come too late to act on.
        if getenv("PYTHONUNBUFFERED") == nil { environment["PYTHONUNBUFFERED"] = "1" }
        environment["CUDA_VISIBLE_DEVICES"] = slot.gpus?.joined(separator: ",")
        environment.merge(file.sweep.trainer.environment) { _, given in given }
        // By these the trainer, and whatever it starts, is known as this planner's.
        environment.merge(protocolVariables) { _, ours in ours }
        return environment
    }
}

/// The programs that a trial is started with, all absolute.
public struct TrialPrograms: Sendable, Hashable {
    public var trainer: String
    /// What runs the trainer somewhere else; nil for here.
    public var launcher: String?
    /// What keeps a trainer to its cores; nil where trials use all.
    public var taskset: String?

    public init(trainer: String, launcher: String? = nil, taskset: String? = nil) {
        self.trainer = trainer
        self.launcher = launcher
        self.taskset = taskset
    }
}

extension Launcher.StopSignal {
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
