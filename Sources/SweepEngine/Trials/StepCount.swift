import SweepFile
import SweepModel
import TrialProtocol

/// Gives each report of one attempt its step: its own, or where it has none the number of the report of the metric.
///
/// Only reports that hold the sweep's metric are counted: however often a trainer reports something else, the third
/// value of the metric is step 3. A report without the metric belongs to the next value of it.
///
/// A trainer that reports `{"lr": 0.1}`, `{"loss": 3}` and `{"loss": 2}` for the metric `loss`:
///
///     var steps = StepCount()
///     steps.take(first, of: metric).step      // 1: it belongs to the first value of the metric
///     steps.take(second, of: metric).step     // 1
///     steps.take(third, of: metric).step      // 2
struct StepCount: Sendable, Hashable {
    /// The place of one report in its attempt.
    struct Step: Sendable, Hashable {
        var step: Int
        /// Whether the attempt begins here as far as is known: what earlier ones reported from this step on is done
        /// again.
        var isBeginning: Bool
        /// The step of the metric before this one, if that was a later one: the trainer begins again from the front.
        var restartsAfter: Int?
    }

    /// The step of the next report that names none.
    private var next = 1
    /// The least of the step of the first report and that of the metric's first one.
    private var beginning: Int?
    /// The step of the last report of the metric; nil before the first.
    private var last: Int?

    /// Gives the next report of the attempt its step. Reports must come in the order in which the trainer printed them.
    mutating func take(_ report: MetricReport, of metric: Metric) -> Step {
        var step = Step(step: report.step ?? next, isBeginning: beginning == nil)
        if step.isBeginning { beginning = step.step }
        guard report[metric.name] != nil else { return step }
        if last == nil, let first = beginning, step.step < first {
            (beginning, step.isBeginning) = (step.step, true)
        }
        if let last, step.step < last { step.restartsAfter = last }
        last = step.step
        next = step.step == .max ? step.step : step.step + 1
        return step
    }
}
