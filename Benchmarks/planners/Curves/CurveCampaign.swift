import ArgumentParser
import EarlyStopping
import RandomStreams
import SweepSearch

/// One sweep of trainings with known curves, which a pruner may stop.
///
/// Where trials pause, one that goes on does not repeat the epochs that it has had: its trainer writes checkpoints.
struct CurveCampaign: Sendable {
    let method: String
    let function: CurveFunction
    let seed: Int
    /// How many epochs all trials may have together.
    let budget: Int
    /// How many trials run at once.
    let workers: Int
    private let sampler: any Sampler
    private let stopping: Stopping

    /// What becomes of trials that promise little.
    private enum Stopping: Sendable {
        case never
        case pruning(any Pruner)
        /// They pause at these, and may go on where they were.
        case pausing(Rungs)

        /// - Parameter text: a name, with options behind it for experiments: `asha:reduction=2:spacing=3`.
        init(_ text: String) throws {
            let epochs = CurveFunction.epochs
            let parts = text.split(separator: ":").map(String.init)
            var (reduction, spacing): (Int, Int?) = (3, nil)
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=")
                guard pair.count == 2, let number = Int(pair[1]), number >= 2 else {
                    throw ValidationError("what is '\(part)'?")
                }
                switch pair[0] {
                case "reduction": reduction = number
                case "spacing": spacing = number
                default: throw ValidationError("'\(text)' has no option '\(pair[0])'")
                }
            }
            guard parts.count == 1 || ["asha", "successive_halving"].contains(parts[0]) else {
                throw ValidationError("'\(parts[0])' has no options")
            }
            let rungs = Rungs(minSteps: 1, reductionFactor: reduction, spacing: spacing, maxSteps: epochs)
            switch parts.first {
            case "none": self = .never
            case "asha": self = .pruning(AsynchronousHalvingPruner(rungs))
            case "hyperband": self = .pruning(HyperbandPruner(minSteps: 1, maxSteps: epochs, reductionFactor: 3))
            case "auto": self = .pruning(PredictivePruner())
            case "median": self = .pruning(PercentilePruner())
            case "successive_halving": self = .pausing(rungs)
            default: throw ValidationError("there is no pruner '\(text)'")
            }
        }
    }

    /// - Parameter method: a sampler and a pruner, such as `tpe+asha`.
    init(_ method: String, _ function: CurveFunction, seed: Int, budget: Int, workers: Int) throws {
        let parts = method.split(separator: "+").map(String.init)
        guard parts.count == 2 else { throw ValidationError("'\(method)' is not like 'tpe+asha'") }
        sampler = try namedSampler(parts[0], seed: UInt64(seed), trials: budget)
        stopping = try Stopping(parts[1])
        self.method = method
        self.function = function
        self.seed = seed
        self.budget = budget
        self.workers = workers
    }

    /// The least final value of a complete trial, after each epoch of any trial; infinity before the first.
    func run() -> [Double] {
        var sweep = Sweep(self)
        while sweep.best.count < budget {
            while sweep.running.count < workers { sweep.start() }
            // All epochs take the same time.
            for trial in sweep.running.reversed() { sweep.train(trial) }
        }
        return Array(sweep.best.prefix(budget))
    }

    /// The trials of a campaign, as far as it has come.
    private struct Sweep {
        private struct Trial {
            let assignment: Assignment
            /// What it reports, epoch by epoch.
            let reports: [Double]
            var curve: LearningCurve
            /// How many rungs it has come to, where trials pause.
            var rungs = 0
            /// Whether the sampler learns from it, and does not count it among those that are under way.
            var isKnown = false
        }

        private let campaign: CurveCampaign
        private var trials: [Trial] = []
        private var observations = Observations()
        private var ladder: PromotionLadder?
        /// The numbers of the trials that are under way.
        private(set) var running: [Int] = []
        /// The least final value after each epoch.
        private(set) var best: [Double] = []

        init(_ campaign: CurveCampaign) {
            self.campaign = campaign
            if case .pausing(let rungs) = campaign.stopping { ladder = PromotionLadder(rungs) }
        }

        /// Lets a paused trial go on that may, or begins a new one.
        mutating func start() {
            if let promotion = ladder?.promotable {
                ladder?.promote(promotion.trial)
                running.append(promotion.trial)
                return
            }
            let number = trials.count
            var random = RandomStream(seed: UInt64(campaign.seed), stream: 1, UInt64(number))
            let assignment = campaign.sampler.suggest(
                from: campaign.function.space, given: observations.estimatingPruned(),
                pending: running.filter { !trials[$0].isKnown }.map { trials[$0].assignment }, using: &random)
            trials.append(
                Trial(
                    assignment: assignment, reports: campaign.function.curve(assignment),
                    curve: LearningCurve(trial: number)))
            running.append(number)
        }

        /// One epoch of a trial.
        mutating func train(_ number: Int) {
            let outcome = outcomeOfEpoch(of: number)
            var least = best.last ?? .infinity
            if case .value(let value)? = outcome { least = min(least, value) }
            best.append(least)
            guard let outcome else { return }
            running.removeAll { $0 == number }
            let progress = progress(of: trials[number].curve)
            if trials[number].isKnown {
                observations.setOutcome(outcome, of: number, progress: progress)
            } else {
                trials[number].isKnown = true
                observations.insert(
                    Observation(
                        number: number, assignment: trials[number].assignment, outcome: outcome, progress: progress))
            }
        }

        /// - Returns: nil if the trial is still under way.
        private mutating func outcomeOfEpoch(of number: Int) -> Outcome? {
            let epoch = trials[number].curve.points.count
            guard epoch < trials[number].reports.count else {
                trials[number].curve.outcome = .failed
                ladder?.fail(number)
                return .diverged
            }
            let value = trials[number].reports[epoch]
            trials[number].curve.append(.init(step: epoch + 1, value: value))
            if epoch + 1 == CurveFunction.epochs {
                trials[number].curve.outcome = .complete
                return .value(value)
            }
            switch campaign.stopping {
            case .never: return nil
            case .pruning(let pruner):
                guard case .prune? = pruner.decide(trials[number].curve, among: trials.map(\.curve)[...]) else {
                    return nil
                }
                return .pruned(value)
            case .pausing(let rungs):
                guard rungs.step(of: trials[number].rungs) == epoch + 1 else { return nil }
                ladder?.pause(number, at: trials[number].rungs, step: epoch + 1, value: value)
                trials[number].rungs += 1
                return .pruned(value)
            }
        }

        private func progress(of curve: LearningCurve) -> [Double] {
            switch campaign.stopping {
            case .never: []
            case .pruning(let pruner): pruner.progress(of: curve)
            case .pausing(let rungs): rungs.progress(of: curve)
            }
        }
    }
}
