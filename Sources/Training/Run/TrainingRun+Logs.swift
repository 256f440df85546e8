import TrialProtocol

extension TrainingRun {
    /// What is logged of the batch that was just done.
    ///
    /// - Parameters:
    ///   - samples: of the batch.
    ///   - seconds: that getting the batch and the step on it took.
    func record(of step: StepResult, _ samples: Int, seconds: Double) -> LogRecord {
        var values = [
            LogValue("batch_loss", "batch/loss", step.before),
            LogValue("batch_loss_after", "batch/loss after the step", step.after),
        ]
        if task.hasAccuracy {
            values.append(LogValue("batch_accuracy", "batch/accuracy", Double(step.correct) / Double(samples)))
        }
        values += [
            LogValue(.init("percentage_loss_change", step.percentageChange ?? 0)), LogValue("seconds", nil, seconds),
        ]
        // Those of an epoch's last batch alone would be another kind of record.
        let layers = config.output.diagnostics == .batch ? lastDiagnostics?.metrics ?? [] : []
        return LogRecord(
            epoch: state.epoch, batch: state.batch, step: (state.epoch - 1) * batchesPerEpoch + state.batch,
            values: values + layers.map { LogValue($0) } + currentValues(besides: layers))
    }

    /// What is logged of the epoch of a report.
    func record(of report: MetricReport) -> LogRecord {
        let epoch = report.step ?? state.epoch
        let names = EpochMetrics.names(config).map { MetricReport.Metric($0, .nan) }.filter(isMeant).map(\.name)
        return LogRecord(
            epoch: epoch, step: epoch * batchesPerEpoch,
            values: report.metrics.map { LogValue($0) } + currentValues(besides: report.metrics), names: names)
    }

    /// A record of a batch and one of an epoch, for the names in them: those to come have at least these. What a
    /// pseudo-inverse sees of a layer has names that only a step can tell.
    var expectedRecords: [LogRecord] {
        let layers = StepDiagnostics(
            epoch: state.epoch, batch: state.batch, iteration: state.optimizer.updates,
            layers: LayerDiagnostics.all(state.network, direction: state.network.parameters, evidence: [])
        ).metrics
        var batch = record(of: StepResult(before: 0, after: 0, correct: 0, correctAfter: 0), 1, seconds: 0)
        if config.output.diagnostics == .batch { batch.values += layers.map { LogValue($0) } }
        let epoch = MetricReport(step: state.epoch, metrics: config.output.diagnostics == .none ? [] : layers)
        return [batch, record(of: epoch)]
    }

    /// What is logged at any time, but for what is logged already.
    private func currentValues(besides metrics: [MetricReport.Metric]) -> [LogValue] {
        let seconds = state.log.reduce(state.tally.seconds) { $0 + ($1["seconds"] ?? 0) }
        let values =
            [
                LogValue("seconds_total", "Time excluding evaluation", seconds), .peakMemory,
                LogValue("learning_rate", "Learning rate", state.optimizer.rule.rate),
            ] + LogValue.weights(of: state.network)
        return values.filter { value in !metrics.contains { $0.name == value.name } }
    }
}
