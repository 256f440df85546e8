/// ASHA in its promotion variant: a trial pauses at each rung, and goes on only if it is among the best 1/η of all
/// trials that have reached the rung.
///
///     var ladder = PromotionLadder(Rungs(minSteps: 1, reductionFactor: 2))
///     ladder.pause(0, at: 0, step: 1, value: 0.5)
///     ladder.pause(1, at: 0, step: 1, value: 0.3)
///     ladder.promotable?.trial                        // 1, the better half of two
///     ladder.promote(1)
///
/// A free worker does not wait until a rung is full: it promotes the best promotable trial, looking from the highest
/// rung down, and starts a new trial if there is none. A trial that crashed or diverged after its promotion ranks last
/// at every rung that it reached. A ladder is a value: what it promotes is a function of the calls of `pause`,
/// `promote` and `fail`, in their order.
///
/// Source: algorithm 2 of Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (arXiv:1810.05934).
public struct PromotionLadder: Sendable, Hashable {
    /// The rank of a paused trial at its rung, and whether that is enough to go on.
    public struct Promotion: Sendable, Hashable {
        /// The trial's number.
        public var trial: Int
        /// The rung at which it is paused.
        public var rung: Int
        /// The step that it has reached.
        public var step: Int
        /// What it had reported of the metric when it paused; lower is better.
        public var value: Double
        /// Always `rung`: its rank there, and how many may go on.
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
    /// By rung, the trials that have reached it: in the order of their values, equal ones by number, failed ones last.
    private var pauses: [[Pause]] = []

    public init(_ rungs: Rungs) {
        self.rungs = rungs
    }

    /// Notes that a trial has reached a rung and waits there.
    ///
    /// - Parameters:
    ///   - step: the trial's last step, which may lie beyond that of the rung.
    ///   - value: of the metric; lower is better.
    ///   - isPromoted: whether it does not wait: because it ended by itself before it could be stopped, or since it was
    ///     pruned there.
    public mutating func pause(_ trial: Int, at rung: Int, step: Int, value: Double, isPromoted: Bool = false) {
        while pauses.count <= rung { pauses.append([]) }
        insert(Pause(trial: trial, step: step, value: value, isPromoted: isPromoted), at: rung)
    }

    private mutating func insert(_ pause: Pause, at rung: Int) {
        let place = pauses[rung].firstIndex { $0.isBehind(pause) } ?? pauses[rung].count
        pauses[rung].insert(pause, at: place)
    }

    /// Notes that a trial has crashed or diverged: from now on it ranks behind all others.
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

    /// The best of the trials that wait at the highest rung where any does. When no more trials will start and none has
    /// run to its end, this one goes on, however few it is ahead of: successive halving should end with one complete
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

    /// The rank of a paused trial at its rung, which says why it is not promoted; nil if it is not paused.
    public func standing(of trial: Int) -> Promotion? {
        for rung in pauses.indices.reversed() {
            guard let place = pauses[rung].firstIndex(where: { $0.trial == trial }) else { continue }
            return pauses[rung][place].isPromoted ? nil : promotion(rung, place)
        }
        return nil
    }

    /// - Parameter least: a lower bound of how many trials go on.
    private func promotion(_ rung: Int, _ place: Int, keeping least: Int = 0) -> Promotion {
        let pause = pauses[rung][place]
        return Promotion(
            trial: pause.trial, rung: rung, step: pause.step, value: pause.value,
            reason: .rung(
                rung, step: rungs.step(of: rung) ?? 0, rank: place + 1, competitors: pauses[rung].count,
                kept: max(least, pauses[rung].count / rungs.reductionFactor)))
    }
}
