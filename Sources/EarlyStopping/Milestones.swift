/// The steps 1, 2, 3, 4, 6, 8, 12, 16, 24, … at which curves are compared by what has no steps of its own.
enum Milestones {
    /// All of them up to `last`.
    private static func steps(upTo last: Int) -> some Sequence<Int> {
        sequence(first: 1) { step in
            // A power of two is followed by one and a half of it, and that by the next power.
            let isPower = step & (step - 1) == 0
            let (next, overflows) = step.addingReportingOverflow(max(1, isPower ? step / 2 : step / 3))
            return overflows ? nil : next
        }.prefix { $0 <= last }
    }

    /// Whether there is one beyond `previous` and not beyond `step`.
    static func isPassed(after previous: Int, upTo step: Int) -> Bool { steps(upTo: step).contains { $0 > previous } }

    /// The values of a curve at those that it has passed.
    ///
    /// - Parameter value: of the curve at a step; nil before its first report, which then counts.
    static func values(of curve: LearningCurve, _ value: (Int) -> Double?) -> [Double] {
        guard let first = curve.points.first, let last = curve.points.last else { return [] }
        return steps(upTo: last.step).map { value($0) ?? first.value }
    }
}
