import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import Tables
import TerminalDrawing

/// What a sweep file means, for its author to read before the sweep is run: the parameters, how many of them vary in a
/// trial, the size of a grid, and a few samples.
///
/// `revsweep check` prints it. A range with a wrong end, or constraints that exclude nearly everything, show here in a
/// second, and not after a night of trials.
///
///     print(SpaceDescription(file.sweep, program: "/usr/bin/python3").text())
public struct SpaceDescription: Sendable {
    private let sweep: Sweep
    private let program: String
    private let preview: SpacePreview
    private let grid: Grid

    /// How many points a grid over the space has, whichever sampler the sweep uses.
    private enum Grid: Sendable {
        case size(GridSize)
        /// There is no finite grid: these parameters are continuous, and do not say how many points to try.
        case endless([String])
    }

    private static let samples = 5

    /// - Parameter program: the absolute path of the trainer's program, which tells which of several on PATH it is.
    public init(_ sweep: Sweep, program: String) {
        self.sweep = sweep
        self.program = program
        preview = sweep.space.preview(samples: Self.samples, seed: sweep.sampler.seed)
        let endless = sweep.sampler.points == nil ? sweep.space.parametersWithoutPoints().map(\.name) : []
        grid =
            if endless.isEmpty {
                .size(GridSampler(pointsOfContinuum: sweep.sampler.points ?? 1).size(in: sweep.space))
            } else {
                .endless(endless)
            }
    }

    // MARK: For people

    /// The description for people. Nothing in it can command a terminal.
    ///
    /// - Parameter columns: how wide the terminal is; nil for lines of any length.
    public func text(columns: Int? = nil) -> String {
        let fitted = FittedText(columns: columns)
        let head = """
            sweep '\(sweep.name)': \(sweep.objectives.words)
            sampler \(sweep.sampler.name.rawValue), seed \(sweep.sampler.seed)\(otherSweeps)\(seeds); \(limits)
            trainer \(program)
            """
        let sections: [String?] = [
            fitted.paragraph(head, indent: 2), fitted.table(parameterTable),
            constraintText.map { fitted.paragraph($0, indent: 2) },
            sizes.map { fitted.row($0, $1, width: 21) }.joined(separator: "\n"), fitted.table(sampleTable),
        ]
        return sections.compactMap(\.self).joined(separator: "\n\n")
    }

    private var parameterTable: TextTable {
        var table = TextTable(safe: [("parameter", .left), ("type", .left), ("values", .left), ("when", .left)])
        for parameter in sweep.space.parameters {
            let points = parameter.gridPoints.map { ", \(HumanText.count($0, "point")) in a grid" } ?? ""
            table.add(safe: [
                parameter.name, parameter.distribution.typeName, parameter.distribution.words + points,
                parameter.conditions.map(\.description).joined(separator: " and "),
            ])
        }
        return table
    }

    /// The constraints, and which share of the draws they leave: samplers draw again until one is legal.
    private var constraintText: String? {
        if sweep.space.constraints.isEmpty { return nil }
        let share =
            preview.feasibleShare == 0 ? "less than 0.1 %" : String(format: "%.3g %%", 100 * preview.feasibleShare)
        return "constraints, which \(share) of all draws satisfy\n"
            + sweep.space.constraints.map { "  \($0)" }.joined(separator: "\n")
    }

    /// How large the space is in the two ways that matter: for a sampler the number of parameters that really vary,
    /// and for a grid the number of its points.
    private var sizes: [(label: String, text: String)] {
        let (minCount, maxCount) = (preview.dimensions.lowerBound, preview.dimensions.upperBound)
        let all = sweep.space.parameters.count
        let range =
            minCount == maxCount
            ? "\(maxCount)" : "\(minCount) to \(maxCount), on average \(String(format: "%.2g", preview.meanDimension)),"
        let gridText =
            switch grid {
            case .size(.points(let count)): HumanText.count(count, "point")
            case .size(.atLeast(.max)): "more than 10^18 points"
            case .size(.atLeast(let count)): "at least \(count) points"
            case .size(.unknown(let looks)): "not counted: the constraints exclude each of the first \(looks) points"
            case .endless(let names):
                "needs 'points' of "
                    + (names.count > 4 ? "\(names.count) parameters" : names.joined(separator: ", "))
            }
        return [
            (
                "effective dimension",
                "\(range) of \(HumanText.count(all, "parameter")) \(all == 1 ? "varies" : "vary") in a trial"
            ),
            ("grid", gridText),
        ]
    }

    /// A column for each sample and a row for each parameter, with `-` where a parameter is not active.
    private var sampleTable: TextTable {
        var table = TextTable(
            safe: [("\(Self.samples) samples", .left)] + (1...Self.samples).map { ("\($0)", .right) })
        for parameter in sweep.space.parameters {
            table.add(safe: [parameter.name] + preview.samples.map { $0[parameter.name].map(HumanText.value) ?? "-" })
        }
        return table
    }

    /// The other sweeps from which this one learns.
    private var otherSweeps: String {
        let names = TerminalText.line(sweep.warmStart.joined(separator: ", "))
        return names.isEmpty ? "" : ", begins with what it learns from \(names)"
    }

    /// How often a configuration is run, and where its seeds go.
    private var seeds: String {
        guard let replicates = sweep.replicates else { return "" }
        let isScarce = sweep.budget.trials.map { $0 < 5 * replicates.seeds } ?? false
        let place = replicates.seedParameter.map { ", '\(TerminalText.line($0))' in the base configuration" } ?? ""
        return ", \(replicates.seeds) seeds for what may be the best, judged by their \(replicates.value.title) "
            + "(REVSWEEP_SEED, {seed}\(place))" + (isScarce ? ", more than a fifth of the budget for one" : "")
    }

    private var limits: String {
        let budget = sweep.budget
        let parts: [String?] = [
            sweep.sampler.name == .grid ? "the last point of the grid" : nil,
            budget.trials.map { HumanText.count($0, "trial") },
            budget.time.map { "\(HumanText.duration(seconds: $0 / .seconds(1)))" },
            budget.failures.map { HumanText.count($0, "failure") },
        ]
        return "ends after " + parts.compactMap(\.self).joined(separator: ", or ")
    }

    // MARK: For programs

    /// The description for programs: one object.
    public var node: ConfigNode {
        .object([
            "name": .string(sweep.name),
            "metric": .string(sweep.metric.name),
            "goal": .string(sweep.metric.goal.rawValue),
            "metrics": .sequence(
                sweep.objectives.metrics.map {
                    .object(["name": .string($0.name), "goal": .string($0.goal.rawValue)])
                }),
            "bounds": .sequence(sweep.objectives.bounds.map { ConfigNode(.string($0.description)) }),
            "sampler": .string(sweep.sampler.name.rawValue),
            "seed": .integer(Int(clamping: sweep.sampler.seed)),
            "replicates": sweep.replicates.map { replicates in
                ConfigNode.object([
                    "seeds": .integer(replicates.seeds), "value": .string(replicates.value.rawValue),
                    "seed_parameter": replicates.seedParameter.map { .string($0) },
                ]).value
            },
            "program": .string(program),
            "parameters": .sequence(sweep.space.parameters.map(node(of:))),
            "constraints": .sequence(sweep.space.constraints.map { ConfigNode(.string($0.text)) }),
            "feasible_share": .number(preview.feasibleShare),
            "effective_dimension": ConfigNode.object([
                "min": .integer(preview.dimensions.lowerBound), "max": .integer(preview.dimensions.upperBound),
                "mean": .number(preview.meanDimension),
            ]).value,
            // Null where the points were not all counted, or a continuous parameter does not say how many it has.
            "grid_points": { if case .size(.points(let count)) = grid { .integer(count) } else { nil } }(),
            "samples": .sequence(
                preview.samples.map { sample in
                    ConfigNode.parameters(sample.map { ($0.name, sweep.written.shown($0.value, of: $0.name)) })
                }),
        ])
    }

    private func node(of parameter: Parameter) -> ConfigNode {
        .object([
            "name": .string(parameter.name),
            "type": .string(parameter.distribution.typeName),
            "values": .string(parameter.distribution.description),
            "points": parameter.gridPoints.map { .integer($0) },
            "when": .sequence(parameter.conditions.map { ConfigNode(.string($0.description)) }),
        ])
    }
}

extension NumberAxis {
    /// The word for this axis in the `type` of a sweep file.
    fileprivate var typeName: String {
        switch self {
        case .linear: "uniform"
        case .logarithmic: "loguniform"
        case .normal: "normal"
        case .logNormal: "lognormal"
        }
    }
}

extension Distribution {
    /// The `type` as a sweep file writes it, with what else belongs to it.
    fileprivate var typeName: String {
        switch self {
        case .real(let axis, _, _): axis.typeName
        case .quantized(let axis, _, _, _): "q" + axis.typeName
        case .integer(_, _, _, let log): log ? "int, log" : "int"
        case .choice(let values, _): values.count == 1 ? "constant" : "choice"
        case .ordinal: "ordinal"
        }
    }

    /// The legal values in words. Those of a choice get their probability, unless all are equally likely.
    fileprivate var words: String {
        guard case .choice(let values, let weights) = self, Set(weights).count > 1 else { return description }
        let total = weights.reduce(0, +)
        return zip(values, weights).map { "\($0) (\(String(format: "%.3g", 100 * $1 / total)) %)" }
            .joined(separator: ", ")
    }
}
