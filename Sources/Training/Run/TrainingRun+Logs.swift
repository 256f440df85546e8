import TrialProtocol

extension TrainingRun {
    /// What is logged of the batch that was just done.
    ///
    /// - Parameters:
    ///   - samples: of the batch.
    ///   - seconds: that getting the batch and the step on it took.
    func record(of step: StepResult, _ samples: Int, seconds: Double) -> LogRecord {
        let change = step.before > 0 ? 100 * (step.after - step.before) / step.before : 0
        var values = [
            LogValue("batch_loss", "batch/loss", step.before),
            LogValue("batch_loss_after", "batch/loss after the step", step.after),
        ]
        if task.hasAccuracy {
            values.append(LogValue("batch_accuracy", "batch/accuracy", Double(step.correct) / Double(samples)))
        }
        values += [LogValue(.init("percentage_loss_change", change)), LogValue("seconds", nil, seconds)]
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
