import RandomStreams

/// What another sweep has found out about a space, or about one that overlaps it: the trials that a search can begin
/// with, and a model of their values.
///
///     let lesson = Lesson(of: trials, in: space)
///     let sampler = AutoSampler(seed: 1, lessons: [lesson].compactMap(\.self))
///
/// A value of a parameter that the space does not have is left out; a trial with a value that is not legal has no part.
/// What the other sweep did not vary is unknown: the model does not depend on it, and the trials to begin with have
/// random values there.
public struct Lesson: Sendable {
    /// One trial of the other sweep; lower values are better.
    public struct Trial: Sendable, Hashable {
        public var values: [String: ParameterValue]
        public var value: Double

        public init(values: [String: ParameterValue], value: Double) {
            self.values = values
            self.value = value
        }
    }

    /// The best trials that differ enough for a search to begin with, the best first.
    public let best: [Assignment]
    /// How many trials fit into the space.
    public let count: Int
    /// Nil with too few trials, or if all have the same value.
    private let process: GaussianProcess?
    private let dimensions: [InputDimension]
    /// Whether the other sweep varied the parameter, by dimension.
    private let isShared: [Bool]

    /// The model is fitted to at most this many trials: the best, and as many of the others.
    private static let maxTrials = 100
    /// With fewer there is no model.
    private static let minTrials = 4
    /// How many trials a search begins with.
    private static let mostBest = 3
    /// r² between these at least, with all length scales 1.
    private static let leastDistance = 0.05

    /// - Returns: nil if no trial fits into the space.
    public init?(of trials: [Trial], in space: SearchSpace) {
        let names = Set(space.parameters.map(\.name))
        var random = RandomStream(seed: 0, stream: .transfer)
        var assignments: [Assignment] = []
        var values: [Double] = []
        var varied: Set<String> = []
        for trial in trials where trial.value.isFinite {
            let known = trial.values.filter { names.contains($0.key) }
            guard !known.isEmpty, let assignment = try? space.complete(known, using: &random) else { continue }
            assignments.append(assignment)
            values.append(trial.value)
            varied.formUnion(known.keys)
        }
        guard !assignments.isEmpty else { return nil }
        count = assignments.count
        let outcomes = values.map { Outcome.value($0) }
        let chosen = ModelledValues(outcomes).bestAndSpread(Self.maxTrials)
        let landscape = Landscape(SpaceEncoding(space))
        dimensions = landscape.dimensions
        isShared = landscape.positions.map { varied.contains(space.parameters[$0].name) }
        var columns = landscape.columns(of: chosen.map { assignments[$0] })
        for (index, dimension) in dimensions.enumerated() where !isShared[index] {
            columns[index] = columns[index].map { _ in dimension.middle }
        }
        let some = chosen.map { outcomes[$0] }
        let scaled = ModelledValues(some)
        if some.count >= Self.minTrials, StartUp.hasDifferentOutcomes(some), !dimensions.isEmpty {
            let selection = ModelSelection(dimensions, columns: columns, some, scaled)
            process = GaussianProcess.stable(
                dimensions, columns: columns, values: selection.values.standardized, selection.hyperparameters)
        } else {
            process = nil
        }
        let ranked = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        best = Self.differing(ranked.map { assignments[$0] }, landscape)
    }

    /// The first of these that are not close to one before them.
    private static func differing(_ ranked: [Assignment], _ landscape: Landscape) -> [Assignment] {
        var chosen: [(assignment: Assignment, point: [Double])] = []
        for assignment in ranked.prefix(maxTrials) where chosen.count < mostBest {
            let columns = landscape.columns(of: [assignment])
            let point = columns.map { $0[0] }
            let isNew = chosen.allSatisfy { other in
                let squares = landscape.dimensions.indices.reduce(0) {
                    $0 + landscape.dimensions[$1].distance(point[$1], other.point[$1])
                }
                return squares >= leastDistance
            }
            if isNew { chosen.append((assignment, point)) }
        }
        return chosen.map(\.assignment)
    }

    private func masked(_ point: [Double]) -> [Double] {
        point.indices.map { isShared[$0] ? point[$0] : dimensions[$0].middle }
    }

    /// Whether there is a model.
    var isModelled: Bool { process != nil }

    /// What the other sweep lets expect at some points: standardized, lower is better. 0 where there is no model.
    func means(at points: [[Double]]) -> [Double] {
        process?.posteriors(at: points.map(masked)).map(\.mean) ?? points.map { _ in 0 }
    }

    /// The same at one point.
    func mean(at point: [Double]) -> Double { process?.posterior(at: masked(point)).mean ?? 0 }

    /// The same, with the derivatives with respect to some of the coordinates.
    func slopes(at point: [Double], along moving: [Int]) -> (mean: Double, slopes: [Double]) {
        guard let process else { return (0, moving.map { _ in 0 }) }
        let slopes = process.slopes(at: masked(point), along: moving)
        return (slopes.mean, zip(moving, slopes.meanSlopes).map { isShared[$0] ? $1 : 0 })
    }
}

extension [Lesson] {
    /// In how many trials at the beginning a search looks at what other sweeps found best: every third of them.
    private static let openingTrials = 12

    /// The trial of another sweep to be tried now, in place of the sampler's suggestion.
    ///
    /// The first trial and every third one after it is such a trial: the best of each sweep, and the further ones of a
    /// sweep as long as one of its trials is the best so far. So a sweep that misleads costs one trial.
    ///
    /// - Parameters:
    ///   - observations: the trials that have ended.
    ///   - pending: those that have not.
    /// - Returns: nil where it is the sampler's turn.
    public func opening(after observations: Observations, pending: [Assignment]) -> Assignment? {
        let turn = observations.count + pending.count
        guard !isEmpty, turn < Self.openingTrials, turn % 3 == 0 else { return nil }
        let complete = observations.compactMap { observation -> (value: Double, assignment: Assignment)? in
            if case .value(let value) = observation.outcome { (value, observation.assignment) } else { nil }
        }
        let leader = complete.min { $0.value < $1.value }?.assignment
        for rank in 0..<(map(\.best.count).max() ?? 0) {
            for lesson in self where rank < lesson.best.count {
                let assignment = lesson.best[rank]
                if observations.contains(assignment) || pending.contains(assignment) { continue }
                if rank == 0 || leader.map(lesson.best.contains) == true { return assignment }
            }
        }
        return nil
    }
}
