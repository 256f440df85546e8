import SweepReport

/// The trial that is the best by more than its own value, and how that is known: by fresh seeds, by several seeds, or
/// by what a model expects.
///
///     let choice = BestChoice(BestConfig(file: file, record: record, trials: trials, expecting: true))
///     choice?.trial       // 59
///     choice?.words       // "Expected: 0.003 ± 0.016; …; the best value, -0.1873, is trial 58's."
struct BestChoice: Sendable, Hashable {
    let trial: Int
    /// A sentence.
    let words: String

    /// - Returns: nil where values alone say which trial is the best.
    init?(_ best: BestConfig) {
        let isKnown = best.confirmed != nil || best.replicated != nil || best.expected != nil
        guard isKnown, let first = best.trials.first, let remark = best.remarks(on: first).first else { return nil }
        trial = first.number
        words = remark.prefix(1).uppercased() + remark.dropFirst() + "."
    }
}
