import SweepReport
import SweepSearch

/// What a model of the trials says: fitted once for the page's data and its pictures, since that takes longer than all
/// the rest.
struct ModelSummary: Sendable {
    let explanation: SweepExplanation
    /// What it expects along each parameter.
    let dependences: [DependenceCurve]

    init(_ snapshot: SweepSnapshot) {
        explanation = SweepExplanation(
            of: snapshot.trials, snapshot.proposals, in: snapshot.file, name: snapshot.record.name)
        dependences = explanation.dependences()
    }
}
