import Foundation
import Tables
import Training

extension Evidence {
    /// Reads the runs and the tables of the analyses that a reproduction has left in its folder.
    ///
    /// Sweeps are folders named as their experiments; the tables are `EXPERIMENT.cka.csv`, `EXPERIMENT.ntk.csv` and
    /// `EXPERIMENT.weights.csv` beside them. What is not there is left out.
    ///
    /// - Throws: `CheckpointError`, `DatasetError`, `EvidenceError`.
    public init(readingFrom folder: String) throws {
        self.init()
        for experiment in Experiment.allCases {
            let place = "\(folder)/\(experiment.rawValue)"
            guard FileManager.default.fileExists(atPath: "\(place)/trials") else { continue }
            let stored: [StoredRun]
            do { stored = try StoredRun.find(at: [place]) } catch is StoredRun.SearchError { continue }
            let named = Self.runs(stored, of: experiment)
            runs += named
            let byPath = Dictionary(zip(stored.map(\.path), named), uniquingKeysWith: { first, _ in first })
            try addTables(at: place, of: experiment, byPath)
        }
    }

    /// - Parameter byPath: the experiment's runs by their folders, as the tables name them.
    private mutating func addTables(
        at place: String, of experiment: Experiment, _ byPath: [String: PaperRun]
    ) throws(EvidenceError) {
        for row in try AnalysisTable(ifPresent: "\(place).cka.csv").rows {
            guard let run = byPath[try row.text("run")] else { continue }
            alignments.append(
                Alignment(
                    experiment: experiment, seed: run.seed, setup: run.setup, epoch: try row.integer("epoch"),
                    block: try row.integer("block"), value: try row.number("cka")))
        }
        kernels += try Self.last("ntk_similarity", in: "\(place).ntk.csv", byPath) { _ in true }
        weights += try Self.last("cosine", in: "\(place).weights.csv", byPath) { row in
            // The row that speaks of all weight matrices together.
            row.cells["layer"] == "weights"
        }
    }

    /// The number that stands in the last wanted row of each run.
    private static func last(
        _ column: String, in path: String, _ byPath: [String: PaperRun], where isWanted: (AnalysisTable.Row) -> Bool
    ) throws(EvidenceError) -> [Similarity] {
        var order: [String] = []
        var found: [String: Similarity] = [:]
        for row in try AnalysisTable(ifPresent: path).rows where isWanted(row) {
            let name = try row.text("run")
            guard let run = byPath[name] else { continue }
            if found[name] == nil { order.append(name) }
            found[name] = Similarity(
                experiment: run.experiment, seed: run.seed, setup: run.setup, value: try row.number(column))
        }
        return order.compactMap { found[$0] }
    }

    // MARK: Runs

    /// Settings that say where a run is kept or what it is called, and those that a setup's name has anyway.
    private static let unnamed = ["seed", "optimizer.name", "optimizer.learning_rate", "output.", "training.threads"]

    private static func runs(_ stored: [StoredRun], of experiment: Experiment) -> [PaperRun] {
        // A setup is named by the settings in which runs of the same optimizer differ.
        var values: [String: [String: Set<String>]] = [:]
        for run in stored {
            for (path, value) in run.settings where !unnamed.contains(where: path.hasPrefix) {
                values[run.config.optimizer.name.rawValue, default: [:]][path, default: []].insert(value)
            }
        }
        return stored.map { run in
            let differing = values[run.config.optimizer.name.rawValue]?.filter { $0.value.count > 1 } ?? [:]
            let variant = run.settings.filter { differing[$0.path] != nil }.map {
                "\($0.path.split(separator: ".").last ?? "") \($0.value)"
            }
            return PaperRun(
                experiment: experiment, seed: run.config.seed,
                setup: PaperSetup(
                    optimizer: PaperSetup.Optimizer(run.config.optimizer.name), rate: run.config.optimizer.rate,
                    variant: variant.joined(separator: ", ")),
                curves: curves(run), epochs: run.config.training.epochs, hasDiverged: run.hasDiverged)
        }
    }

    private static func curves(_ run: StoredRun) -> [String: [Double]] {
        var curves: [String: [Double]] = [:]
        let length = run.epochs.map(\.epoch).max() ?? 0
        for report in run.epochs where report.epoch > 0 {
            for (name, value) in report.metrics {
                curves[name, default: Array(repeating: .nan, count: length)][report.epoch - 1] = value
            }
        }
        return curves
    }
}

extension PaperSetup.Optimizer {
    fileprivate init(_ name: TrainingConfig.OptimizerChoice.Name) {
        switch name {
        case .gaussNewton: self = .gaussNewton
        case .adam, .adamw: self = .adam
        case .sgd: self = .sgd
        }
    }
}
