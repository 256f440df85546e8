/// The trials as if they had one objective: by the front they are in, and within a front by how much of the hypervolume
/// is theirs.
///
///     let outcomes = ObjectiveOrder(wanted: 25).outcomes(of: observations)        // .value(0) is the best
///
/// A sampler for one objective then proposes trials for several: the tree-structured Parzen estimator so becomes that
/// of Ozaki et al. 2022, "Multiobjective Tree-Structured Parzen Estimator".
struct ObjectiveOrder {
    /// How many of the best trials are ordered within their front. The others have the value of their front alone.
    var wanted: Int

    /// With more objectives the hypervolume takes too long, and the crowding distance of NSGA-II takes its place.
    private static let maxObjectives = 3

    /// One outcome for each trial: the value is its place. A trial that did not come to its end keeps its outcome.
    func outcomes(of observations: Observations) -> [Outcome] {
        let known = observations.indices.compactMap { row in
            observations.objectives(ofRow: row).map { (row: row, vector: $0) }
        }
        let vectors = known.map(\.vector)
        // Where all are equal there is nothing to order.
        let areEqual = vectors.allSatisfy { $0 == vectors[0] }
        let places = areEqual ? vectors.map { _ in 0 } : places(of: vectors, ParetoRanks(of: vectors).ranks)
        var outcomes = observations.outcomes.map { outcome in
            // A trial that ended without all of its values tells nothing about them.
            if case .value = outcome { Outcome.failed } else { outcome }
        }
        for (index, trial) in known.enumerated() { outcomes[trial.row] = .value(places[index]) }
        return outcomes
    }

    /// The best `wanted` have the numbers from 0; the others have those of their front, behind them.
    private func places(of vectors: [ObjectiveVector], _ ranks: [Int]) -> [Double] {
        var places = ranks.map { Double(wanted + $0) }
        var fronts: [Int: [Int]] = [:]
        for (index, rank) in ranks.enumerated() { fronts[rank, default: []].append(index) }
        var next = 0
        for rank in fronts.keys.sorted() where next < wanted {
            let front = fronts[rank] ?? []
            let order = vectors[front[0]].isFeasible ? spread(front.map { vectors[$0].values }) : Array(front.indices)
            for index in order.prefix(wanted - next) {
                places[front[index]] = Double(next)
                next += 1
            }
        }
        return places
    }

    /// The vectors in the order in which each adds the most to the hypervolume of those before it (greedy hypervolume
    /// subset selection, Guerreiro et al. 2016); at most `wanted` of them.
    ///
    /// The objectives are scaled so that the front reaches from 0 to 1 in each, with the reference at 1.1. What a
    /// vector adds only shrinks as others are chosen, so a bound from before tells which ones need a new look.
    private func spread(_ vectors: [[Double]]) -> [Int] {
        guard let first = vectors.first, vectors.count > 1 else { return Array(vectors.indices) }
        if first.count > Self.maxObjectives { return NSGA2Sampler.order(vectors.map { ObjectiveVector(values: $0) }) }
        let ranges = first.indices.map { objective in
            let values = vectors.map { $0[objective] }
            return (low: values.min() ?? 0, high: values.max() ?? 0)
        }
        let scaled = vectors.map { vector in
            zip(vector, ranges).map { value, range in
                range.high > range.low ? (value - range.low) / (range.high - range.low) : 0
            }
        }
        let reference = [Double](repeating: 1.1, count: first.count)
        var chosen: [Int] = []
        var volume = 0.0
        var bounds = scaled.map { Hypervolume.volume(of: [$0], below: reference) }
        var left = Set(vectors.indices)
        while chosen.count < wanted, !left.isEmpty {
            var best: (index: Int, gain: Double)?
            for index in left.sorted(by: { (-bounds[$0], $0) < (-bounds[$1], $1) }) {
                if let best, bounds[index] <= best.gain { break }
                let whole = Hypervolume.volume(of: (chosen + [index]).map { scaled[$0] }, below: reference)
                bounds[index] = whole - volume
                if best == nil || bounds[index] > best?.gain ?? 0 { best = (index, bounds[index]) }
            }
            guard let (index, gain) = best else { break }
            chosen.append(index)
            left.remove(index)
            volume += gain
        }
        return chosen
    }
}
