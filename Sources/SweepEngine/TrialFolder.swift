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
    /// The trainer's program, absolute.
    let program: String
    /// Names this planner in the environment of its trainers.
    let token: String

    func path(of number: Int) -> String {
        let digits = String(number)
        return "\(directory)/trials/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
    }

    /// Makes the trial's folder and its configuration file, and says how to start it.
    ///
    /// - Throws: a `CocoaError` if the folder cannot be written.
    func prepare(_ trial: TrialRecord, attempt: Int) throws -> TrialLaunch {
        let path = path(of: trial.number)
        // The sweep's own folder is not made again: if it is gone, so is the database.
        for folder in ["\(directory)/trials", path] where !FileManager.default.fileExists(atPath: folder) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }
        var configPath: String?
        if let config = file.config(for: trial.assignment(in: file.sweep.space)) {
            let name = "\(path)/config.yaml"
            try config.yaml().write(toFile: name, atomically: true, encoding: .utf8)
            configPath = name
        }
        let threads = file.sweep.resources.threads
        let context = CommandTemplate.Context(
            config: configPath, trialDirectory: path, sweepDirectory: file.directory, number: trial.number,
            attempt: attempt, seed: trial.seed, threads: threads,
            parameters: trial.parameters.map { ($0.name, $0.value) })
        return TrialLaunch(
            program: program, arguments: file.sweep.trainer.command.dropFirst().flatMap { $0.arguments(in: context) },
            environment: environment(trial, attempt: attempt, path: path, configPath: configPath),
            directory: path, timeout: file.sweep.resources.timeout)
    }

    private func environment(
        _ trial: TrialRecord, attempt: Int, path: String, configPath: String?
    ) -> [String: String] {
        var variables: [TrialVariable: String] = [
            .sweep: file.sweep.name, .trial: String(trial.number), .attempt: String(attempt), .trialDirectory: path,
            .parameters: ConfigNode.parameters(trial.parameters.map { ($0.name, $0.value) }).json,
            .seed: String(trial.seed), .planner: token,
        ]
        variables[.config] = configPath
        let protocolVariables = Dictionary(uniqueKeysWithValues: variables.map { ($0.rawValue, $1) })
        var environment: [String: String] = [:]
        for name in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
            environment[name] = String(file.sweep.resources.threads)
        }
        environment.merge(file.sweep.trainer.environment) { _, given in given }
        // By these the trainer, and whatever it starts, is known as this planner's.
        environment.merge(protocolVariables) { _, ours in ours }
        return environment
    }
}
