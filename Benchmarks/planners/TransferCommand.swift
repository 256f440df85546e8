import ArgumentParser
import Foundation
import RandomStreams
import SweepSearch

/// `plannerbench transfer`: what it brings to know another sweep, and what it costs if that one misleads.
///
/// The other sweep has 60 random trials of a relative of the function:
///
///     same          the function itself, with values on another scale
///     near          its optimum lies elsewhere: each number is moved by 8 % of its range
///     unrelated     the values of its trials in random order
///     opposite      its values with the other sign: what is bad there is good here
///
/// Printed are the medians of the regrets, and how they compare with those of the same sampler without another sweep.
struct TransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Compares sweeps that know another one with sweeps that do not.")

    /// How the other sweep is related to this one.
    enum Relation: String, CaseIterable {
        case same, near, unrelated, opposite
    }

    @Option(help: "Functions or groups of them, by comma.") var functions = "practice"
    @Option var seeds = 12
    @Option(help: "The first seed.") var firstSeed = 0
    @Option var trials = 40
    @Option(help: "How many sweeps to compute at once.") var threads = 2

    private static let marks = [5, 10, 20, 40]

    /// One sweep, with the relation of the other one that it knows; nil for none.
    private struct Work: Sendable {
        var function: BenchFunction
        var seed: UInt64
        var relation: Relation?
    }

    func run() throws {
        let functions = try BenchFunction.chosen(functions)
        let works = functions.flatMap { function in
            (firstSeed..<firstSeed + seeds).flatMap { seed in
                ([nil] + Relation.allCases.map(Optional.some)).map {
                    Work(function: function, seed: UInt64(seed), relation: $0)
                }
            }
        }
        let trials = trials
        print(table(works, inParallel(threads, works) { Self.regrets($0, trials) }))
    }

    private static func regrets(_ work: Work, _ trials: Int) -> [Double] {
        let lessons = work.relation.flatMap { lesson(of: work.function, $0, seed: work.seed) }.map { [$0] } ?? []
        let sampler = Opening(sampler: AutoSampler(seed: work.seed, lessons: lessons), lessons: lessons)
        let campaign = Campaign(
            function: work.function, sampler: sampler, seed: work.seed, trials: trials, workers: 1)
        return Curve.regrets(campaign.run(), optimum: work.function.optimum)
    }

    /// What 60 random trials of a relative show.
    private static func lesson(of function: BenchFunction, _ relation: Relation, seed: UInt64) -> Lesson? {
        var random = RandomStream(seed: seed, stream: 7)
        let assignments = (0..<60).map { _ in function.space.sample(using: &random) }
        var values = assignments.map { assignment in
            var noise = random
            let place = relation == .near ? moved(assignment, in: function.space) : assignment
            return function.measure(place, using: &noise).observed
        }
        switch relation {
        case .same: values = values.map { 100 + 5 * $0 }
        case .near: break
        case .unrelated: values.shuffle(using: &random)
        case .opposite: values = values.map { -$0 }
        }
        let trials = zip(assignments, values).filter { $1.isFinite }
            .map { Lesson.Trial(values: $0.valuesByName, value: $1) }
        return Lesson(of: trials, in: function.space)
    }

    /// The assignment with every number moved by 8 % of its range; back where that leads out of it.
    private static func moved(_ assignment: Assignment, in space: SearchSpace) -> Assignment {
        var values = assignment.valuesByName
        for (name, value) in assignment {
            guard let distribution = space[name]?.distribution, value.asNumber != nil,
                let quantile = distribution.quantile(of: value)
            else { continue }
            let other = distribution.value(atQuantile: quantile > 0.92 ? quantile - 0.08 : quantile + 0.08)
            if other.asNumber != nil { values[name] = other }
        }
        let moved = Assignment(values, in: space)
        return space.problem(with: moved) == nil ? moved : assignment
    }

    private func table(_ works: [Work], _ results: [[Double]]) -> String {
        let marks = Self.marks.filter { $0 <= trials }
        var lines = ["| function | known | " + marks.map { "\($0)" }.joined(separator: " | ") + " |"]
        lines.append("|---|---|" + marks.map { _ in "---|" }.joined())
        var names: [String] = []
        for work in works where !names.contains(work.function.name) { names.append(work.function.name) }
        var ratios: [Relation: [[[Double]]]] = [:]
        for name in names {
            func rows(_ relation: Relation?) -> [[Double]] {
                works.indices.filter { works[$0].function.name == name && works[$0].relation == relation }
                    .map { results[$0] }
            }
            let plain = rows(nil)
            // Nothing is known while all trials have failed: that counts as the worst regret.
            let all = works.indices.filter { works[$0].function.name == name }.flatMap { results[$0] }
            let ceiling = all.filter(\.isFinite).max() ?? 1
            func cells(_ rows: [[Double]]) -> String {
                marks.map { mark in String(format: "%.3g", median(rows.map { $0[mark - 1] })) }.joined(separator: " | ")
            }
            lines.append("| \(name) | nothing | \(cells(plain)) |")
            for relation in Relation.allCases {
                let known = rows(relation)
                lines.append("| | \(relation.rawValue) | \(cells(known)) |")
                // Of the same seed, in decades; what is less counts as a ten thousandth of the worst regret.
                func decades(_ regret: Double) -> Double { log10(min(max(regret, 1e-4 * ceiling), ceiling)) }
                ratios[relation, default: []].append(
                    marks.map { mark in zip(known, plain).map { decades($0[mark - 1]) - decades($1[mark - 1]) } })
            }
        }
        lines.append("")
        lines.append("The regret with the other sweep over that without, geometric mean, 95 % interval by bootstrap:")
        lines.append("")
        lines.append("| known | " + marks.map { "\($0)" }.joined(separator: " | ") + " |")
        lines.append("|---|" + marks.map { _ in "---|" }.joined())
        for relation in Relation.allCases {
            let groups = ratios[relation] ?? []
            let cells = marks.indices.map { mark in
                let (mean, low, high) = bootstrap(groups.map { $0[mark] })
                return String(format: "%.2f (%.2f to %.2f)", pow(10, mean), pow(10, low), pow(10, high))
            }
            lines.append("| \(relation.rawValue) | " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n")
    }
}

/// A sampler whose first trials may be those of another sweep, as a planner has it.
private struct Opening: Sampler {
    let sampler: any Sampler
    let lessons: [Lesson]

    func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let turn = observations.count + pending.count
        if let opening = lessons.opening(at: turn, after: observations, pending: pending) {
            return Proposal(opening, by: .transfer)
        }
        return sampler.propose(from: space, given: observations, pending: pending, using: &random)
    }
}
