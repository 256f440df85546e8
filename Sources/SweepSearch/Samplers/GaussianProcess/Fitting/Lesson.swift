import RandomStreams

/// What another sweep has found out about a space, or about one that overlaps it: the trials that a search can begin
/// with, and a model of their values.
///
///     let lesson = Lesson(of: trials, in: space)
///     let sampler = AutoSampler(seed: 1, lessons: [lesson].compactMap(\.self))
///
/// What of a trial counts here: see ``SearchSpace/overlap(with:)``. A parameter that the other sweep did not have is
/// unknown: the model does not depend on it, and the trials to begin with have its default, or else a random value.
public struct Lesson: Sendable {
    /// One trial of the other sweep; lower values are better.
    public struct Trial: Sendable, Hashable {
        /// By name. What the space does not have is ignored; a trial with a value that is not legal there is left out.
        public var values: [String: ParameterValue]
        /// A trial is left out if this is not finite.
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
    /// Whether the other sweep had the parameter, by dimension.
    private let isShared: [Bool]

    /// The model is fitted to at most this many trials: the best, and as many of the others.
    private static let maxTrials = 100
    /// With fewer there is no model.
    private static let minTrials = 4
    /// How many trials a search begins with.
    private static let mostBest = 3
    /// They are looked for among the best third, and no more than so many: where constraints are hard to satisfy each
    /// one takes its time.
    private static let mostCandidates = 20
    /// r² between these at least, with all length scales 1.
    private static let leastDistance = 0.05

    /// - Parameters:
    ///   - seed: of the values that the other sweep did not have.
    ///   - isModelled: whether a model is wanted: ``TPESampler`` has no use for one.
    /// - Returns: nil if no trial fits into the space.
    public init?(of trials: [Trial], in space: SearchSpace, seed: UInt64 = 0, isModelled: Bool = true) {
        var known: [[String: ParameterValue]] = []
        var values: [Double] = []
        var names: Set<String> = []
        for trial in trials where trial.value.isFinite {
            guard let overlap = try? space.overlap(with: trial.values), !overlap.isEmpty else { continue }
            known.append(overlap)
            values.append(trial.value)
            names.formUnion(trial.values.keys)
        }
        guard !known.isEmpty else { return nil }
        count = known.count
        let landscape = Landscape(SpaceEncoding(space))
        let dimensions = landscape.dimensions
        let isShared = landscape.positions.map { names.contains(space.parameters[$0].name) }
        (self.dimensions, self.isShared) = (dimensions, isShared)
        let (outcomes, assignments) = (values.map { Outcome.value($0) }, known.map { Assignment($0, in: space) })
        let chosen = ModelledValues(outcomes).bestAndSpread(Self.maxTrials)
        let some = chosen.map { outcomes[$0] }
        if isModelled, some.count >= Self.minTrials, StartUp.hasDifferentOutcomes(some), !dimensions.isEmpty {
            var columns = landscape.columns(of: chosen.map { assignments[$0] })
            for (index, dimension) in dimensions.enumerated() where !isShared[index] {
                columns[index] = columns[index].map { _ in dimension.middle }
            }
            let model = ModelSelection(
                dimensions, columns: columns, some, ModelledValues(some), among: .smooth
            ).smooth
            process = GaussianProcess.stable(
                dimensions, columns: columns, values: model.values.standardized, model.hyperparameters)
        } else {
            process = nil
        }
        let ranked = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var points: [[Double]] = []
        var best: [Assignment] = []
        let candidates = min(Self.mostCandidates, (ranked.count + 2) / 3)
        for index in ranked.prefix(candidates) where best.count < Self.mostBest {
            let point = Self.masked(landscape.columns(of: [assignments[index]]).map { $0[0] }, isShared, dimensions)
            let isNew = points.allSatisfy { other in
                dimensions.indices.reduce(0) { $0 + dimensions[$1].distance(point[$1], other[$1]) }
                    >= Self.leastDistance
            }
            var random = RandomStream(seed: seed, stream: .transfer, UInt64(index))
            guard isNew, let assignment = try? space.complete(known[index], using: &random) else { continue }
            points.append(point)
            best.append(assignment)
        }
        self.best = best
    }

    /// The point with the middle in place of what the other sweep does not know.
    private static func masked(_ point: [Double], _ isShared: [Bool], _ dimensions: [InputDimension]) -> [Double] {
        point.indices.map { isShared[$0] ? point[$0] : dimensions[$0].middle }
    }

    private func masked(_ point: [Double]) -> [Double] { Self.masked(point, isShared, dimensions) }

    /// Whether there is a model.
    var isModelled: Bool { process != nil }

    /// What the other sweep predicts at some points: standardized, lower is better. 0 where there is no model.
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
    /// The trial of another sweep to be tried now, in place of the sampler's suggestion.
    ///
    /// The first trial and every third one after it is such a trial: the best of each sweep, and the further ones of a
    /// sweep as long as one of its trials is the best so far; four, or one of each sweep. So a sweep that misleads
    /// costs one trial.
    ///
    /// - Parameters:
    ///   - turn: how many trials there were in which it was the turn of the sampler or of this, ended or not.
    ///   - observations: the trials that have ended.
    ///   - pending: those that have not.
    /// - Returns: nil where it is the sampler's turn.
    public func opening(at turn: Int, after observations: Observations, pending: [Assignment]) -> Assignment? {
        guard !isEmpty, turn % 3 == 0, turn < 3 * Swift.max(4, count) else { return nil }
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
