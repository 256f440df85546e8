/// The steps at which successive halving compares trials: `minSteps · reduction^(rung + bracket)`, as long as they lie
/// before `maxSteps`.
///
/// Source: Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (arXiv:1810.05934): r, η, s and R.
public struct Rungs: Sendable, Hashable {
    /// r: the steps that each trial is given.
    public var minSteps: Int
    /// η: one of so many trials goes on at each rung.
    public var reductionFactor: Int
    /// R: a trial that has come so far needs no more comparing; nil where only the trainer knows its end.
    public var maxSteps: Int?
    /// s: how many of the lowest rungs are left out.
    public var bracket: Int

    public init(minSteps: Int, reductionFactor: Int, maxSteps: Int? = nil, bracket: Int = 0) {
        precondition(minSteps >= 1 && reductionFactor >= 2 && bracket >= 0, "no rungs can be made of these numbers")
        self.minSteps = minSteps
        self.reductionFactor = reductionFactor
        self.maxSteps = maxSteps
        self.bracket = bracket
    }

    /// The step of a rung, from 0; nil if there is none so high.
    public func step(of rung: Int) -> Int? {
        var step = minSteps
        for _ in 0..<(rung + bracket) {
            let (next, overflows) = step.multipliedReportingOverflow(by: reductionFactor)
            if overflows { return nil }
            step = next
        }
        if let maxSteps, step >= maxSteps { return nil }
        return step
    }

    /// The rungs that lie after one step and not after another.
    func passed(after previous: Int?, upTo step: Int) -> [(rung: Int, step: Int)] {
        var passed: [(rung: Int, step: Int)] = []
        var rung = 0
        while let rungStep = self.step(of: rung), rungStep <= step {
            if previous.map({ rungStep > $0 }) ?? true { passed.append((rung, rungStep)) }
            rung += 1
        }
        return passed
    }
}
