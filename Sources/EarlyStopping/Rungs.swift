/// The steps at which successive halving compares trials, those below `maxSteps` of
///
///     step(rung) = minSteps · spacing^(rung + bracket)        rung = 0, 1, 2, …
///
/// so that `Rungs(minSteps: 1, reductionFactor: 3, maxSteps: 27)` has rungs at the steps 1, 3 and 9.
///
/// Source: Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (arXiv:1810.05934): r, η, s and R.
/// There η is the spacing as well, so that the trials of every rung use about as many steps together. To keep more than
/// that costs steps, and loses fewer trials that are slow at first.
public struct Rungs: Sendable, Hashable {
    /// r: the steps that each trial is given before it is compared.
    public var minSteps: Int
    /// η: one of η trials goes on at each rung.
    public var reductionFactor: Int
    /// By how much the step of a rung is greater than that of the rung before.
    public var spacing: Int
    /// R: the steps of a complete trial, where no comparison is needed; nil if only the trainer knows when it ends.
    public var maxSteps: Int?
    /// s: how many of the lowest rungs are left out.
    public var bracket: Int

    /// - Parameter spacing: nil for the reduction factor.
    public init(minSteps: Int, reductionFactor: Int, spacing: Int? = nil, maxSteps: Int? = nil, bracket: Int = 0) {
        let spacing = spacing ?? reductionFactor
        precondition(
            minSteps >= 1 && reductionFactor >= 2 && spacing >= 2 && bracket >= 0,
            "no rungs can be made of these numbers")
        self.spacing = spacing
        self.minSteps = minSteps
        self.reductionFactor = reductionFactor
        self.maxSteps = maxSteps
        self.bracket = bracket
    }

    /// The step of a rung, counted from 0; nil if there is no such rung.
    public func step(of rung: Int) -> Int? {
        var step = minSteps
        for _ in 0..<(rung + bracket) {
            let (next, overflows) = step.multipliedReportingOverflow(by: spacing)
            if overflows { return nil }
            step = next
        }
        if let maxSteps, step >= maxSteps { return nil }
        return step
    }

    /// The rungs whose steps are greater than `previous` and at most `step`.
    func passed(after previous: Int?, upTo step: Int) -> [(rung: Int, step: Int)] {
        var passed: [(rung: Int, step: Int)] = []
        var rung = 0
        while let rungStep = self.step(of: rung), rungStep <= step {
            if previous.map({ rungStep > $0 }) ?? true { passed.append((rung, rungStep)) }
            rung += 1
        }
        return passed
    }

    /// The first values that a trial has reported at each rung or after it, as far as it came.
    public func progress(of curve: LearningCurve) -> [Double] {
        var values: [Double] = []
        while let step = step(of: values.count), let value = curve.value(from: step) { values.append(value) }
        return values
    }
}
