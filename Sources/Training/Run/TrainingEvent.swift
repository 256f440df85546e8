import TrialProtocol

/// What a run reports while it runs.
public enum TrainingEvent: Sendable {
    /// It resumes from a checkpoint, within or at the beginning of this epoch.
    case resumed(epoch: Int)
    /// It had been completed before; nothing is left to do.
    case alreadyComplete(epochs: Int)
    /// An epoch has ended, or ended in an earlier part of the run and is reported again.
    case epoch(MetricReport)
    /// `batch` of the `batches` of an epoch are done; `loss` is that of the last one before its step.
    case progress(epoch: Int, batch: Int, batches: Int, loss: Double)
    /// What a step said about every layer, where the config asks for every batch; comes before its `progress`.
    case diagnostics(StepDiagnostics)
}

/// How a run ended.
public enum TrainingOutcome: Hashable, Sendable {
    /// All epochs are done, in this call or before.
    case complete
    /// It was asked to stop, and its checkpoint is written.
    case stopped
    /// Numbers stopped being finite, as the text says. Its last report has NaN for every metric; the checkpoint is that
    /// of an epoch before.
    case diverged(String)
}
