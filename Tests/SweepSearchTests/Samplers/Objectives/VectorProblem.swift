import RandomStreams
import SweepSearch

/// A problem with several objectives, or with bounds.
struct VectorProblem: Sendable {
    let space: SearchSpace
    /// What a trial reaches; nil if it fails.
    let reached: @Sendable (Assignment) -> ObjectiveVector?

    /// The trials that a sampler proposes one after another, in the order in which they end.
    ///
    /// - Parameter parallel: how many run at once.
    func trials(_ count: Int, by sampler: some Sampler, seed: UInt64, parallel: Int = 1) -> [Observation] {
        var (observations, ended) = (Observations(), [Observation]())
        var running: [(number: Int, assignment: Assignment)] = []
        for number in 0..<count {
            var random = RandomStream(seed: seed, stream: 1, UInt64(number))
            let assignment = sampler.suggest(
                from: space, given: observations, pending: running.map { $0.assignment }, using: &random)
            running.append((number, assignment))
            while running.count == parallel || number == count - 1 && !running.isEmpty {
                let (oldest, values) = running.removeFirst()
                let vector = reached(values)
                let observation = Observation(
                    number: oldest, assignment: values, outcome: vector.map { .value($0.values[0]) } ?? .failed,
                    objectives: vector)
                observations.insert(observation)
                ended.append(observation)
            }
        }
        return ended
    }

    /// A space of numbers from 0 to 1.
    private static func square(_ count: Int) throws -> SearchSpace {
        try SearchSpace((0..<count).map { Parameter("x\($0)", .uniform(min: 0, max: 1)) })
    }

    /// The first of the problems of Zitzler, Deb and Thiele 2000: the front is g = 1, from (0, 1) to (1, 0).
    static func zdt1(_ count: Int) throws -> VectorProblem {
        VectorProblem(space: try square(count)) { assignment in
            let x = assignment.numbers
            let g = 1 + 9 * x.dropFirst().reduce(0, +) / Double(x.count - 1)
            return ObjectiveVector(values: [x[0], g * (1 - (x[0] / g).squareRoot())])
        }
    }

    /// The distance from a corner, with a bound on the way there: 8% of the square keep it, and the best is 1.28 in
    /// the middle of their border.
    static func bounded() throws -> VectorProblem {
        VectorProblem(space: try square(2)) { assignment in
            let x = assignment.numbers
            let distance = (1 - x[0]) * (1 - x[0]) + (1 - x[1]) * (1 - x[1])
            return ObjectiveVector(values: [distance], excesses: [(x[0] + x[1] - 0.4) / 0.4])
        }
    }

    /// A front along x1 = 0, and trials that fail beyond a line: in half of the square.
    static func failing() throws -> VectorProblem {
        VectorProblem(space: try square(2)) { assignment in
            let x = assignment.numbers
            if x[0] + x[1] > 1 { return nil }
            return ObjectiveVector(values: [x[0], 1 - x[0] + x[1]])
        }
    }
}

extension Assignment {
    /// The values that are numbers.
    var numbers: [Double] { values.compactMap { $0.asNumber } }
}

extension [Observation] {
    /// What the trials dominate that keep all bounds.
    func volume(below reference: [Double]) -> Double {
        let kept = compactMap { $0.objectives }.filter { $0.isFeasible }
        return Hypervolume.volume(of: kept.map { $0.values }, below: reference)
    }
}

/// Observations of random assignments, of which those with a value have several, and two bounds.
func vectorHistory(_ count: Int, in space: SearchSpace, objectives: Int, seed: UInt64 = 1) -> [Observation] {
    var random = RandomStream(seed: seed, stream: 79)
    return history(count, in: space, seed: seed).map { observation in
        guard case .value(let value) = observation.outcome else { return observation }
        var observation = observation
        observation.objectives = ObjectiveVector(
            values: [value] + (1..<objectives).map { _ in random.normal() },
            excesses: [random.normal() - 0.5, random.normal() - 1])
        return observation
    }
}
