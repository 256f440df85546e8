/// Successive halving with promotion: a trial pauses at each rung, and goes on only when it turns out to be among the
/// best 1/η of all that have come there.
///
/// Nobody waits for a rung to fill: whoever has a free worker promotes the best trial that may be, from the highest
/// rung down, and starts a new one if there is none. This is algorithm 2 of the paper. A trial that crashed or
/// diverged after its promotion stands last at every rung that it came to. A ladder is a value: what it promotes is a
/// function of what was paused, promoted and failed, in that order.
///
/// Source: Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (arXiv:1810.05934).
public struct PromotionLadder: Sendable, Hashable {
    public struct Promotion: Sendable, Hashable {
        public var trial: Int
        /// The rung that it goes on from, or does not.
        public var rung: Int
        /// The step that it has come to.
        public var step: Int
        public var value: Double
        public var reason: PruningReason

        public init(trial: Int, rung: Int, step: Int, value: Double, reason: PruningReason) {
            self.trial = trial
            self.rung = rung
            self.step = step
            self.value = value
            self.reason = reason
        }
    }

    private struct Pause: Sendable, Hashable {
        var trial: Int
        var step: Int
        var value: Double
        var isPromoted = false
        var hasFailed = false

        func isBehind(_ other: Pause) -> Bool {
            if hasFailed != other.hasFailed { return hasFailed }
            return (value, trial) > (other.value, other.trial)
        }
    }

    public let rungs: Rungs
    /// By rung; at each in the order of the values, equals by number, and those that failed at the end.
    private var pauses: [[Pause]] = []

    public init(_ rungs: Rungs) {
        self.rungs = rungs
    }

    /// A trial has come to a rung: at this step, with a value of which lower is better.
    ///
    /// - Parameter isPromoted: whether it did not wait there: it came to its own end before it could be stopped.
    public mutating func pause(_ trial: Int, at rung: Int, step: Int, value: Double, isPromoted: Bool = false) {
        while pauses.count <= rung { pauses.append([]) }
        insert(Pause(trial: trial, step: step, value: value, isPromoted: isPromoted), at: rung)
    }

    private mutating func insert(_ pause: Pause, at rung: Int) {
        let place = pauses[rung].firstIndex { $0.isBehind(pause) } ?? pauses[rung].count
        pauses[rung].insert(pause, at: place)
    }

    /// A trial has crashed or diverged: from now on it stands behind all others.
    public mutating func fail(_ trial: Int) {
        for rung in pauses.indices {
            guard let place = pauses[rung].firstIndex(where: { $0.trial == trial }) else { continue }
            var pause = pauses[rung].remove(at: place)
            pause.hasFailed = true
            insert(pause, at: rung)
        }
    }

    /// The trial that goes on next, if one may.
    public var promotable: Promotion? {
        for rung in pauses.indices.reversed() {
            let kept = pauses[rung].count / rungs.reductionFactor
            if let place = pauses[rung].prefix(kept).firstIndex(where: { !$0.isPromoted }) {
                return promotion(rung, place)
            }
        }
        return nil
    }

    /// The best of those that wait at the highest rung where anybody waits. When nobody else will come and nothing
    /// has come to its end, it goes on however few it is ahead of: a bracket of successive halving ends with one
    /// trial, not with none.
    public var leader: Promotion? {
        for rung in pauses.indices.reversed() {
            guard let place = pauses[rung].firstIndex(where: { !$0.isPromoted }) else { continue }
            return promotion(rung, place, keeping: place + 1)
        }
        return nil
    }

    /// Marks a trial as promoted from the highest rung that it has come to.
    public mutating func promote(_ trial: Int) {
        for rung in pauses.indices.reversed() {
            guard let place = pauses[rung].firstIndex(where: { $0.trial == trial }) else { continue }
            pauses[rung][place].isPromoted = true
            return
        }
    }

    /// Why a paused trial is not promoted; nil if it is not paused.
    public func standing(of trial: Int) -> Promotion? {
        for rung in pauses.indices.reversed() {
            guard let place = pauses[rung].firstIndex(where: { $0.trial == trial }) else { continue }
            return pauses[rung][place].isPromoted ? nil : promotion(rung, place)
        }
        return nil
    }

    /// - Parameter least: how many go on at least.
    private func promotion(_ rung: Int, _ place: Int, keeping least: Int = 0) -> Promotion {
        let pause = pauses[rung][place]
        return Promotion(
            trial: pause.trial, rung: rung, step: pause.step, value: pause.value,
            reason: .rung(
                rung, step: rungs.step(of: rung) ?? 0, rank: place + 1, competitors: pauses[rung].count,
                kept: max(least, pauses[rung].count / rungs.reductionFactor)))
    }
}
