import ConfigFile
import SweepFile
import SweepSearch

/// What a sweep file means, for its author to read before the sweep is run.
public struct SpaceDescription: Sendable {
    private let sweep: Sweep
    private let program: String

    public init(_ sweep: Sweep, program: String) {
        self.sweep = sweep
        self.program = program
    }

    public var text: String {
        var table = TextTable([("parameter", .left), ("values", .left), ("when", .left)])
        for parameter in sweep.space.parameters {
            table.add([
                parameter.name, parameter.distribution.description,
                parameter.conditions.map(\.description).joined(separator: " and "),
            ])
        }
        return """
            sweep '\(sweep.name)': \(sweep.metric.goal.rawValue) \(sweep.metric.name) (\(sweep.metric.rule.rawValue) value of a trial)
            sampler \(sweep.sampler.name.rawValue), seed \(sweep.sampler.seed); \(limits)
            trainer \(program)

            \(table.text)
            """
    }

    private var limits: String {
        let budget = sweep.budget
        let parts: [String?] = [
            budget.trials.map { "\($0) trials" },
            budget.time.map { "\(HumanText.duration(seconds: $0 / .seconds(1)))" },
            budget.failures.map { "\($0) failures" },
        ]
        return "ends after " + parts.compactMap(\.self).joined(separator: ", or ")
    }

    public var node: ConfigNode {
        let parameters = sweep.space.parameters.map { parameter in
            ConfigNode.object([
                "name": .string(parameter.name),
                "values": .string(parameter.distribution.description),
                "when": .sequence(parameter.conditions.map { ConfigNode(.string($0.description)) }),
            ])
        }
        return .object([
            "name": .string(sweep.name),
            "metric": .string(sweep.metric.name),
            "goal": .string(sweep.metric.goal.rawValue),
            "sampler": .string(sweep.sampler.name.rawValue),
            "seed": .integer(Int(clamping: sweep.sampler.seed)),
            "program": .string(program),
            "parameters": .sequence(parameters),
        ])
    }
}
