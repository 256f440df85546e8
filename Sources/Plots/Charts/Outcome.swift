/// Which way the metric is better.
public enum Goal: Sendable, Hashable {
    case minimize, maximize

    /// Whether a number is better than another.
    func prefers(_ value: Double, to other: Double) -> Bool {
        self == .minimize ? value < other : value > other
    }
}

/// How a trial ended, with the look it has in all charts.
public enum Outcome: Sendable, Hashable, CaseIterable {
    case complete, pruned, failed, running
    /// Of an attempt, not of a trial: it was stopped, and its trial is or was to go on.
    case interrupted

    var name: String {
        switch self {
        case .complete: "complete"
        case .pruned: "pruned"
        case .failed: "failed"
        case .running: "running"
        case .interrupted: "paused or interrupted"
        }
    }

    var paint: Paint {
        switch self {
        case .complete: .series(0)
        case .pruned: .series(4)
        case .failed: .series(1)
        case .running: .series(2)
        case .interrupted: .muted
        }
    }

    var symbol: Symbol {
        switch self {
        case .complete: .circle
        case .pruned: .diamond
        case .failed: .cross
        case .running: .square
        case .interrupted: .ring
        }
    }
}

/// What several charts do in the same way, kept here so that they look and behave alike.
enum ChartParts {
    /// Ends of an axis that leave out what is far worse than the rest, so that one diverged trial does not
    /// press all others into a line; they are then drawn as triangles at the edge.
    ///
    /// Only the worse side is cut, at twice the distance from the best to the 90th percentile.
    static func end(of values: [Double], goal: Goal) -> (low: Double?, high: Double?) {
        let sorted = values.filter(\.isFinite).sorted()
        guard sorted.count >= 5, let first = sorted.first, let last = sorted.last else { return (nil, nil) }
        switch goal {
        case .minimize:
            let limit = first + (sorted[sorted.count * 9 / 10] - first) * 2
            return (nil, last > limit && limit > first ? limit : nil)
        case .maximize:
            let limit = last - (last - sorted[sorted.count / 10]) * 2
            return (first < limit && limit < last ? limit : nil, nil)
        }
    }

    /// The size of points: smaller where there are many.
    static func pointSize(_ count: Int) -> Double {
        count > 3_000 ? 2.5 : count > 500 ? 4 : count > 150 ? 5 : 7
    }

    /// What is said of trials that cannot be compared with the others: those that were pruned or failed; nothing where
    /// there are none.
    static func leftOut(_ number: Int) -> String {
        number == 0 ? "" : "not drawn: \(count(number, "trial")) without a final value"
    }

    /// What is said of the trials with these values that a picture of final values cannot show: those without one, and
    /// those whose value has no place on its axis.
    static func leftOut(of values: [Double?], isLog: Bool) -> String {
        let numbers = values.compactMap(\.self).filter(\.isFinite)
        return notes(leftOut(values.count - numbers.count), isLog ? withoutPlace(numbers, "trial") : "")
    }

    /// What is said of those numbers that a logarithmic axis has no place for; nothing where there are none.
    static func withoutPlace(_ numbers: [Double], _ noun: String) -> String {
        let number = numbers.filter { $0 <= 0 }.count
        return number == 0 ? "" : "no place on a logarithmic axis: \(count(number, noun)), zero or negative"
    }

    /// Trials from the best to the worst, and of equal ones the first before the others.
    ///
    /// - Parameter values: of all trials; each of those that are sorted has one.
    static func ranked(_ trials: [Int], by values: [Double?], _ goal: Goal) -> [Int] {
        trials.sorted { first, second in
            let (one, other) = (values[first] ?? 0, values[second] ?? 0)
            return one == other ? first < second : goal.prefers(one, to: other)
        }
    }

    /// Several notes as one; those that are empty are left out.
    static func notes(_ notes: String...) -> String { notes.filter { !$0.isEmpty }.joined(separator: "; ") }

    /// "1 trial", "12 trials".
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)" + (number == 1 ? "" : "s")
    }

    /// The mean of finite numbers and their standard deviation (by n - 1; 0 for a single one).
    static func mean(_ values: [Double]) -> (mean: Double, deviation: Double)? {
        let finite = values.filter(\.isFinite)
        guard !finite.isEmpty else { return nil }
        let mean = finite.reduce(0) { $0 + $1 / Double(finite.count) }
        guard finite.count > 1 else { return (mean, 0) }
        let squares = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(finite.count - 1)).squareRoot())
    }
}

/// A parameter of a sweep as the charts need it.
///
///     ChartParameter("learning rate", isLog: true, values: [0.1, 0.03, nil])
public struct ChartParameter: Sendable, Hashable {
    public var name: String
    public var kind: Axis.Kind
    /// One value for each trial; nil where the parameter is inactive. For categories the value is the number
    /// of the category.
    public var values: [Double?]

    public init(_ name: String, isLog: Bool = false, values: [Double?]) {
        self.name = name
        self.kind = isLog ? .log : .linear
        self.values = values
    }

    /// A parameter with names for values; other names than those of `categories` count as inactive.
    public init(_ name: String, categories: [String], values: [String?]) {
        self.name = name
        self.kind = .categories(categories)
        let places = Dictionary(zip(categories, categories.indices), uniquingKeysWith: { first, _ in first })
        self.values = values.map { value in value.flatMap { places[$0] }.map { Double($0) } }
    }

    /// The axis of the parameter, with a rail if it is inactive in some trial.
    func axis(title: String? = nil) -> Axis {
        Axis(title ?? name, kind: kind, rail: values.contains { $0 == nil } ? "inactive" : nil)
    }
}
