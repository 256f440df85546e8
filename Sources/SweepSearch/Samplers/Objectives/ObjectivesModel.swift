import RandomStreams

/// A Gaussian process for each objective and each bounded metric, and the front that they see.
///
///     let model = ObjectivesModel(landscape, observations, known, pending: pending)
///     let score = model?.score(nil)
///
/// The front is that of the predicted means, at the trials that ended within the bounds and at the pending ones: with
/// noise the least values are partly luck.
struct ObjectivesModel {
    private let objectives: [FittedProcess]
    private let bounds: [FittedProcess]
    private let known: [ObjectiveRow]
    /// The predicted means of all objectives, for the known trials and then the pending ones.
    private let means: [[Double]]
    /// Indices of these that none dominates.
    private let front: [Int]

    /// How far beyond the worst of the trials the reference lies, as a share of their extent.
    private static let margin = 0.1

    /// - Parameter known: the trials that came to their end; at least one.
    /// - Returns: nil if a process cannot be computed.
    init?(
        _ landscape: Landscape, _ observations: Observations, _ known: [ObjectiveRow], pending: [Assignment]
    ) {
        guard let first = known.first?.vector else { return nil }
        let assignments = known.map { observations.assignment(ofRow: $0.row) }
        func fit(_ value: (ObjectiveVector) -> Double) -> FittedProcess? {
            let outcomes = known.map { Outcome.value(value($0.vector)) }
            return FittedProcess.smooth(landscape, assignments, outcomes, pending: pending)
        }
        let objectives = first.values.indices.compactMap { index in fit { $0.values[index] } }
        let bounds = first.excesses.indices.compactMap { index in fit { $0.excesses[index] } }
        guard objectives.count == first.values.count, bounds.count == first.excesses.count else { return nil }
        self.objectives = objectives
        self.bounds = bounds
        self.known = known
        let byObjective = objectives.map { $0.process.posteriors(at: $0.process.points).map(\.mean) }
        let means = (0..<(known.count + pending.count)).map { trial in byObjective.map { $0[trial] } }
        // Whether a pending trial will satisfy the bounds is as uncertain as its values: it is taken to do so if that
        // is expected.
        let limits = bounds.map { $0.modelled(0) }
        let bounded = bounds.map { $0.process.posteriors(at: $0.process.points).map(\.mean) }
        let feasible = means.indices.filter { trial in
            trial < known.count
                ? known[trial].vector.isFeasible
                : bounds.indices.allSatisfy { bounded[$0][trial] <= limits[$0] }
        }
        self.means = means
        front = ParetoRanks(of: feasible.map { ObjectiveVector(values: means[$0]) }).front.map { feasible[$0] }
    }

    /// What the next trial promises.
    ///
    /// - Parameter success: how likely a trial has values at all; nil where all have.
    func score(_ success: SuccessModel?) -> HypervolumeScore {
        HypervolumeScore(
            objectives.map(\.process), front: front.map { means[$0] }, below: reference,
            bounds: bounds.map { HypervolumeScore.Bound(process: $0.process, limit: $0.modelled(0)) }, success)
    }

    /// Nothing is gained beyond it: in turn the worst of all trials and the worst of the front, and a little more. The
    /// front that is known says little of how far the true one reaches: with its worst values alone ZDT1 and 3 are
    /// searched less well. With those of all trials alone DTLZ2 is, as the ends of the front are then worth the most.
    private var reference: [Double] {
        let isTurnOfFront = means.count % 2 == 0 && front.count > 1
        return objectives.indices.map { objective in
            let values = (isTurnOfFront ? front.map { means[$0] } : means).map { $0[objective] }
            let (low, high) = (values.min() ?? 0, values.max() ?? 0)
            return high + Self.margin * max(high - low, 1e-6)
        }
    }

    /// The rows of trials whose surroundings are searched: five of the front, drawn at random where there are more.
    func incumbents(using random: inout RandomStream) -> [Int] {
        var candidates = front.filter { $0 < known.count }
        if candidates.isEmpty {
            let order = known.indices.sorted {
                (known[$0].vector.violation, $0) < (known[$1].vector.violation, $1)
            }
            return order.prefix(5).map { known[$0].row }
        }
        var chosen: [Int] = []
        while chosen.count < 5, !candidates.isEmpty {
            chosen.append(candidates.remove(at: Int(random.integer(below: UInt64(candidates.count)))))
        }
        return chosen.map { known[$0].row }
    }
}

extension FittedProcess {
    /// A reported value as the process models it.
    func modelled(_ reported: Double) -> Double {
        (values.scale(reported) - values.centre) / values.spread
    }
}
