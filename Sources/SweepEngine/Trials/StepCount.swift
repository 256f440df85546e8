import SweepFile
import SweepModel
import TrialProtocol

/// Gives each report of one attempt its step: its own, or where it has none the number of the report of the metric.
///
/// Only reports that hold the sweep's metric are counted: however often a trainer reports something else, the third
/// value of the metric is step 3. A report without the metric belongs to the next value of it.
struct StepCount: Sendable, Hashable {
    struct Step: Sendable, Hashable {
        var step: Int
        /// Whether the attempt begins here as far as is known: what earlier ones reported from this step on is done
        /// again.
        var isBeginning: Bool
        /// The step of the metric before this one, if that was a later one: the trainer begins again from the front.
        var restartsAfter: Int?
    }

    private var next = 1
    /// The least of the step of the first report and that of the metric's first one.
    private var beginning: Int?
    private var last: Int?

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
