import ConfigFile
import Datasets
import Files
import Foundation
import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// One training run in its folder: begun, resumed, or found complete.
///
/// A run that is stopped or killed at any moment and resumed ends with the same bits as one that was not.
///
///     var run = try TrainingRun(config, folder: "results/runs/digits")
///     let outcome = try run.run { event in
///         if case .epoch(let report) = event { print(report.line) }
///     }
public struct TrainingRun {
    /// What the run was asked for. A checkpoint in the folder is of the same run: see `TrainingConfig.differences`.
    let config: TrainingConfig
    private let folder: RunFolder
    /// Keeps other trainers out of the folder as long as this value lives.
    private let lock: FileLock
    /// The samples, in memory for the whole run.
    private let split: DataSplit
    private let augmenter: Augmenter
    let task: LearningTask
    /// What the next checkpoint will hold.
    private(set) var state: TrainingState
    /// Of the last step, if it was looked at: an epoch always ends in the process that did its last batch.
    private(set) var lastDiagnostics: StepDiagnostics?
    /// One for each batch size that has occurred: two at most, since batches differ by one sample at most.
    private var steps: [TrainingStep<Float>] = []
    /// Whether a checkpoint was in the folder.
    private let isResumed: Bool
    /// The indices of the validation samples that are evaluated on; nil: all.
    private let evaluated: [Int]?
    /// Nil until `run` is called, and where the config asks for no logs.
    private var log: RunLog?
    /// How many batches an epoch has: as few as `data.batch_size` allows; their sizes differ by one sample at most.
    public let batchesPerEpoch: Int
    /// What should be known of the data before training begins: that files are missing, and what to do about it.
    public let dataNotice: String?
    private let clock = ContinuousClock()

    /// Opens the folder, and reads the checkpoint that may be in it.
    ///
    /// - Parameters:
    ///   - fresh: discard what is in the folder.
    ///   - patience: how long to wait for another trainer to leave the folder.
    /// - Throws: `RunFolderError`, `FileError`, `CheckpointError`, `DatasetError`, `TrainingError.otherRun`,
    ///   `SettingError`; what is in the folder is then as it was. The folder itself is made before anything is read.
    public init(_ config: TrainingConfig, folder path: String, fresh: Bool = false, patience: Duration = .seconds(10))
        throws
    {
        var config = config
        folder = RunFolder(path: path)
        lock = try folder.open(patience: patience)
        split = try DataSplit(config.data)
        config.data.checksum = split.checksum
        dataNotice = split.missing.map {
            "\($0)\n  = help: "
                + $0.help(fetching: config.data.name.fetchCommand(path: config.data.path))
        }
        augmenter = Augmenter(config.data.augmentations, for: split, seed: UInt64(config.seed))
        let (features, classes) = (split.training.images.columns, split.training.classes)
        batchesPerEpoch =
            EpochOrder(count: split.training.count, batchSize: config.data.batchSize, seed: 0, epoch: 1).batches
        try config.checkOutputs(features: features, classes: classes)
        evaluated = try config.training.evaluationSamples.chosen(
            of: split.validation.count, seed: UInt64(config.data.validationSeed))
        if !fresh, let bytes = try folder.checkpoint() {
            let checkpoint = try Checkpoint(decoding: bytes, path: folder.checkpointPath) { _ in (features, classes) }
            let done = checkpoint.state.epoch - (checkpoint.state.batch > 0 ? 0 : 1)
            try config.noteStart(ofRun: checkpoint.config, drawnFor: features, classes)
            let differences = config.differences(from: checkpoint.config, epochsDone: done)
            guard differences.isEmpty else { throw TrainingError.otherRun(path: path, differences: differences) }
            state = checkpoint.state
            isResumed = true
        } else {
            state = try TrainingState(config, features: features, classes: classes)
            if let start = try config.startingWeights(drawn: state.network, classes: classes) {
                state.network = start.network
                config.training.startChecksum = start.checksum
            }
            isResumed = false
        }
        self.config = config
        task = try LearningTask(config, for: state.network.architecture)
        if fresh { folder.discard() }
    }

    /// Trains until all epochs are done or it has to stop.
    ///
    /// - Parameters:
    ///   - reportAll: report also the epochs that ended in an earlier part of the run. Without it, only the last of a
    ///     run that is found complete.
    ///   - shouldStop: asked between batches.
    /// - Throws: `FileError`, `RunLogError`, `TrainingError.numerical`, or what `observe` throws.
    ///
    /// - Returns: how the run ended. After `complete` and `stopped` the folder has a checkpoint of that moment.
    public mutating func run(
        reportAll: Bool = false, shouldStop: () -> Bool = { false },
        observe: (TrainingEvent) throws -> Void
    ) throws -> TrainingOutcome {
        let isComplete = state.epoch > config.training.epochs
        if isResumed {
            try observe(
                isComplete ? .alreadyComplete(epochs: state.epoch - 1) : .resumed(epoch: state.epoch))
            let repeated = reportAll ? state.log[...] : isComplete ? state.log.suffix(1) : []
            for report in repeated { try observe(.epoch(report)) }
        }
        // What was reported after the checkpoint was written will be reported again.
        try folder.replace("resolved.yaml", with: config.resolved.yaml().utf8)
        try folder.replace("metrics.jsonl", with: state.log.map { $0.line + "\n" }.joined().utf8)
        if !config.output.logs.isEmpty {
            // A run that is complete will write no more.
            log = try RunLog(
                config.output, folder: folder.path, resumingAt: (state.epoch - 1) * batchesPerEpoch + state.batch,
                expecting: isComplete ? [] : expectedRecords)
        }
        if !isResumed, config.training.startFrom != nil {
            // From here on the run needs the file of its first weights no more, and analyses know where it began.
            try folder.keep(.start, Checkpoint(config: config, state: state).encoded)
            try save()
        }
        while state.epoch <= config.training.epochs {
            do {
                guard try trainEpoch(shouldStop, observe) else {
                    try save()
                    return .stopped
                }
                let report = try endEpoch()
                try publish(report, observe)
                try keepBest()
            } catch let failure as NumericalFailure {
                guard case .nonFinite = failure else { throw TrainingError.numerical("\(failure)") }
                try publish(divergedReport, observe)
                // After its last batch it is the evaluation that fails.
                let batch = state.batch < batchesPerEpoch ? ", batch \(state.batch + 1)" : ""
                return .diverged("epoch \(state.epoch)\(batch): \(failure)")
            }
            let done = state.epoch - 1
            let isSaved = done == config.training.epochs || done % config.output.checkpointEvery == 0
            try keep(epoch: done, isSaved: isSaved)
            if isSaved { try save() }
        }
        return .complete
    }

    /// The rest of an epoch; false if it was asked to stop before the end.
    private mutating func trainEpoch(
        _ shouldStop: () -> Bool, _ observe: (TrainingEvent) throws -> Void
    ) throws -> Bool {
        let feed = feed(ofEpoch: state.epoch)
        while state.batch < feed.count {
            if shouldStop() { return false }
            let start = clock.now
            let batch = feed.batch(state.batch)
            let samples = batch.input.rows
            state.optimizer.rule.rate = config.optimizer.schedule.rate(
                config.optimizer.rate, epoch: state.epoch, batch: state.batch, epochs: config.training.epochs,
                batches: feed.count)
            let result = try state.step(
                config, with: step(samples), input: batch.input, targets: batch.targets,
                diagnosing: isDiagnosed(state.batch, of: feed.count))
            state.tally.add(result, samples: samples)
            let seconds = (clock.now - start) / .seconds(1)
            state.tally.seconds += seconds
            try diagnose(result, observe)
            state.batch += 1
            if let log, log.takesBatches { try log.write(record(of: result, samples, seconds: seconds)) }
            try observe(
                .progress(
                    epoch: state.epoch, batch: state.batch, batches: feed.count, loss: result.before))
        }
        return true
    }

    /// The batches of an epoch: their samples in the order of the epoch, augmented, and the targets of these.
    private func feed(ofEpoch epoch: Int) -> BatchFeed {
        let order = EpochOrder(
            count: split.training.count, batchSize: config.data.batchSize, seed: UInt64(config.seed), epoch: epoch)
        let (training, outputs) = (split.training, state.network.architecture.outputs)
        return BatchFeed(count: order.batches) { [augmenter, task] index in
            let indices = order.batch(index)
            let samples = augmenter.augmented(training.samples(at: indices), indices: indices, epoch: epoch)
            return TrainingBatch(
                input: samples.images, targets: task.targets(of: samples, in: .train, at: indices, width: outputs))
        }
    }

    /// What makes steps with batches of some size, of which an epoch has two where its samples do not divide evenly.
    private mutating func step(_ batch: Int) -> TrainingStep<Float> {
        if let known = steps.first(where: { $0.batch == batch }) { return known }
        let largest = (split.training.count + batchesPerEpoch - 1) / batchesPerEpoch
        let memory = config.training.activations.memory(for: state.network.architecture, batch: largest)
        let isNoisy = config.optimizer.name == .gaussNewton && config.optimizer.pseudoInverseNoise > 0
        let step = TrainingStep(for: state.network, batch: batch, activations: memory, reducing: !isNoisy)
        steps.append(step)
        return step
    }

    /// Whether every layer is looked at in this batch. Each look is a pass over all parameters.
    private func isDiagnosed(_ batch: Int, of batches: Int) -> Bool {
        switch config.output.diagnostics {
        case .none: false
        case .epoch: batch == batches - 1
        case .batch: true
        }
    }

    /// Notes what a step said about the layers, and passes it on where every batch is asked for.
    private mutating func diagnose(_ result: StepResult, _ observe: (TrainingEvent) throws -> Void) throws {
        guard !result.layers.isEmpty else { return }
        let diagnostics = StepDiagnostics(
            epoch: state.epoch, batch: state.batch, iteration: state.optimizer.updates, layers: result.layers)
        lastDiagnostics = diagnostics
        if config.output.diagnostics == .batch { try observe(.diagnostics(diagnostics)) }
    }

    /// Evaluates, logs, and moves on to the next epoch.
    private mutating func endEpoch() throws(NumericalFailure) -> MetricReport {
        var (validation, training): (Evaluation?, Evaluation?)
        if config.training.isEvaluated(epoch: state.epoch) {
            validation = try evaluation(on: .validation, among: evaluated)
            let needsTrainingSet =
                config.training.evaluatesTrainingSet || config.output.trainMetrics.contains(.afterEpoch)
            if needsTrainingSet { training = try evaluation(on: .train) }
        }
        let metrics = EpochMetrics(config, state.tally, validation: validation, training: training)
        let report = MetricReport(
            step: state.epoch, metrics: metrics.taken.filter(isMeant) + (lastDiagnostics?.metrics ?? []))
        state.log.append(report)
        state.epoch += 1
        state.batch = 0
        state.tally = EpochTally()
        return report
    }

    /// The loss and accuracy of the network as it is, of one of the splits.
    private func evaluation(
        on split: SplitName, among chosen: [Int]? = nil
    ) throws(NumericalFailure) -> Evaluation {
        let result = Evaluation(
            state.network, on: self.split[split], loss: config.loss.loss, task: task, split: split, among: chosen)
        guard result.loss.isFinite else {
            throw .nonFinite("the output on the \(split == .train ? "training" : split.rawValue) samples")
        }
        return result
    }

    /// What is left to say of an epoch whose numbers stopped being finite.
    private var divergedReport: MetricReport {
        MetricReport(
            step: state.epoch,
            metrics: EpochMetrics.losses(config).map { .init($0, .nan) }.filter(isMeant)
                + [.init("seconds", state.tally.seconds)])
    }

    /// Whether the metric has a meaning in this task: a regression has no accuracy.
    func isMeant(_ metric: MetricReport.Metric) -> Bool {
        task.hasAccuracy || !metric.name.contains("_accuracy")
    }

    /// Writes an epoch's report to `metrics.jsonl` and to the logs, and only then tells the observer: what a planner
    /// has heard of is in the folder.
    private func publish(_ report: MetricReport, _ observe: (TrainingEvent) throws -> Void) throws {
        try folder.append(report.line + "\n", to: "metrics.jsonl")
        try log?.write(record(of: report))
        try observe(.epoch(report))
    }

    /// Writes the checkpoint that the run resumes from, after everything that the logs hold up to there.
    private func save() throws {
        try log?.flush()
        try folder.replace("checkpoint", with: Checkpoint(config: config, state: state).encoded)
    }

    /// Keeps the checkpoint of an epoch, and removes the oldest ones beyond `keepLast`. This happens before the
    /// checkpoint that the run resumes from is written, so that a run killed in between does it again.
    ///
    /// - Parameter isSaved: whether that checkpoint is written after this epoch.
    private func keep(epoch: Int, isSaved: Bool) throws {
        let (last, every) = (config.output.keepLast, config.output.keepEvery)
        let isKept = every > 0 && epoch % every == 0
        guard isKept || isSaved && last > 0 else { return }
        try folder.keep(.epoch(epoch), Checkpoint(config: config, state: state).encoded)
        if isSaved, last > 0 { folder.dropKept(last: last, every: every, upTo: epoch) }
    }

    /// Keeps a checkpoint of the epoch that has just ended, if it is better than all before it.
    private func keepBest() throws {
        guard let best = config.output.best, best.isLastBest(of: state.log) else { return }
        try folder.keep(.best, Checkpoint(config: config, state: state).encoded)
    }
}
