import ConfigFile
import SweepFile
import SweepModel
import SweepSearch

extension TrialExplanation {
    /// The explanation for programs: `{sweep, trial, state, value, origin, proposal, surprise, decisions, neighbours,
    /// attempts}`; what is not known is null.
    public var node: ConfigNode {
        .object([
            "sweep": .string(record.name), "trial": .integer(trial.number), "state": .string(trial.state.rawValue),
            "reason": trial.reason.map { .string($0.description) } ?? .null,
            "value": trial.value.map { .number($0) } ?? .null,
            "origin": .string(trial.valueOrigin.rawValue),
            "sampler": .string(file.sweep.sampler.name.rawValue), "words": .string(proposalWords),
            "proposal": proposal?.node.value ?? .null,
            "surprise": surprise.map { surprise in
                ConfigNode.object([
                    "inside": .boolean(surprise.isInside), "deviations": .number(surprise.deviations),
                ]).value
            } ?? .null,
            "decisions": .sequence(
                comparisons.map { comparison in
                    let decision = comparison.decision
                    return .object([
                        "action": .string(decision.action.rawValue), "step": .integer(decision.step),
                        "rung": decision.rung.map { .integer($0) } ?? .null, "value": .number(decision.value),
                        "reason": .string(decision.reason),
                        "others": .sequence(
                            comparison.others.map { other in
                                .object([
                                    "trial": .integer(other.trial), "value": .number(other.value),
                                    "action": .string(other.action.rawValue),
                                ])
                            }),
                    ])
                }),
            "neighbours": .sequence(
                neighbours.map { neighbour in
                    .object([
                        "trial": .integer(neighbour.trial.number), "distance": .number(neighbour.distance),
                        "state": .string(neighbour.trial.state.rawValue),
                        "value": neighbour.trial.value.map { .number($0) } ?? .null,
                        "differing": .sequence(neighbour.differing.map(\.node)),
                    ])
                }),
            "attempts": .sequence(
                attempts.map { attempt in
                    .object([
                        "attempt": .integer(attempt.number), "seconds": attempt.seconds.map { .number($0) } ?? .null,
                        "outcome": attempt.outcome.map { .string($0) } ?? .null,
                    ])
                }),
        ])
    }
}

extension TrialExplanation.Difference {
    fileprivate var node: ConfigNode {
        .object([
            "parameter": .string(parameter), "here": here?.configNode.value ?? .null,
            "there": there?.configNode.value ?? .null,
        ])
    }
}

extension TrialProposal {
    /// `{method, occasion, ended, pending, mean, deviation, low, high, improvement, log_ratio}`
    fileprivate var node: ConfigNode {
        .object([
            "method": .string(method.rawValue), "occasion": .string(occasion.rawValue), "ended": .integer(ended),
            "pending": .integer(pending),
            "mean": forecast.map { .number($0.value.mean) } ?? .null,
            "deviation": forecast.map { .number($0.value.deviation) } ?? .null,
            "low": forecast.map { .number($0.value.low) } ?? .null,
            "high": forecast.map { .number($0.value.high) } ?? .null,
            "improvement": forecast.map { .number($0.improvement) } ?? .null,
            "log_ratio": logRatio.map { .number($0) } ?? .null,
        ])
    }
}
