import ConfigFile
import SweepFile
import SweepModel
import SweepSearch

extension SweepExplanation {
    /// The explanation for programs: `{sweep, metric, goal, complete, forecasts, model, path, outlook}`; what there is
    /// not is null.
    public var node: ConfigNode {
        .object([
            "sweep": .string(name), "metric": .string(metric.name), "goal": .string(metric.goal.rawValue),
            "complete": .integer(complete),
            "forecasts": record.map { record in
                ConfigNode.object(["trials": .integer(record.trials), "inside": .integer(record.inside)]).value
            } ?? .null,
            "model": modelNode?.value ?? .null, "path": pathNode?.value ?? .null,
            "outlook": outlookNode?.value ?? .null,
        ])
    }

    private var modelNode: ConfigNode? {
        model.map { model in
            .object([
                "trials": .integer(model.trials), "fitted": .integer(model.fitted),
                "explained": .number(model.validation.explained), "covered": .number(model.validation.covered),
                "carries": .boolean(model.validation.carries), "noise": .number(model.noise),
                "words": .string(modelWords),
            ])
        }
    }

    private var pathNode: ConfigNode? {
        path.map { path in
            .object([
                "from": .string(path.start.words), "best": .integer(path.best), "value": .number(path.value),
                "start": path.steps.startValue.node.value,
                "steps": .sequence(
                    path.steps.steps.map { step in
                        .object([
                            "parameter": .string(step.parameter), "from": step.from.configNode.value,
                            "to": step.to.configNode.value,
                            "following": .sequence(step.following.map { ConfigNode(.string($0)) }),
                            "feasible": .boolean(step.isFeasible), "expected": step.value.node.value,
                            "improvement": step.gain.node.value,
                        ])
                    }),
            ])
        }
    }

    private var outlookNode: ConfigNode? {
        outlook.map { outlook in
            .object([
                "words": .string(outlookWords), "left": outlook.reachable.node.value,
                "gains": .sequence(
                    outlook.gains.map { gain in
                        .object(["trials": .integer(gain.trials), "improvement": gain.improvement.node.value])
                    }),
            ])
        }
    }
}

extension Estimate {
    /// `{mean, low, high}`
    var node: ConfigNode {
        .object(["mean": .number(mean), "low": .number(low), "high": .number(high)])
    }
}
