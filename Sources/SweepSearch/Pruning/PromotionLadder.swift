/// Successive halving with promotion: a trial pauses at each rung, and goes on only when it turns out to be among the
/// best 1/η of all that have come there.
///
/// Nobody waits for a rung to fill: whoever has a free worker promotes the best trial that may be, from the highest rung
/// down, and starts a new one if there is none. This is algorithm 2 of the paper. A ladder is a value: what it promotes
/// is a function of what was paused and promoted, in that order.
///
/// Source: Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (arXiv:1810.05934).
public struct PromotionLadder: Sendable, Hashable {
    public struct Promotion: Sendable, Hashable {
        public var trial: Int
        /// The step that it has come to.
        public var step: Int
        public var value: Double
        public var reason: PruningReason

        public init(trial: Int, step: Int, value: Double, reason: PruningReason) {
            self.trial = trial
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
    }

    public let rungs: Rungs
    /// By rung; at each in the order of the values, equals by number.
    private var pauses: [[Pause]] = []

    public init(_ rungs: Rungs) {
        self.rungs = rungs
    }

    /// A trial has come to a rung: at this step, with a value of which lower is better.
    public mutating func pause(_ trial: Int, at rung: Int, step: Int, value: Double) {
        while pauses.count <= rung { pauses.append([]) }
        let place = pauses[rung].firstIndex { ($0.value, $0.trial) > (value, trial) } ?? pauses[rung].count
        pauses[rung].insert(Pause(trial: trial, step: step, value: value), at: place)
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

    private func promotion(_ rung: Int, _ place: Int) -> Promotion {
        let pause = pauses[rung][place]
        return Promotion(
            trial: pause.trial, step: pause.step, value: pause.value,
            reason: .rung(
                rung, step: rungs.step(of: rung) ?? 0, rank: place + 1, competitors: pauses[rung].count,
                kept: pauses[rung].count / rungs.reductionFactor))
    }
}
