import ConfigFile
import Foundation
import RandomStreams
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import Testing

/// Which trial is best where trials with the same values differ.
@Suite struct ExpectedBestTests {
    private static func file(goal: String = "minimize") throws -> SweepFile {
        let text = """
            name: test
            metric: {name: loss, goal: \(goal)}
            trainer: {command: [train]}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 60}
            """
        return try SweepFile(source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/nowhere")
    }

    /// Trials over the whole range of x, with noise on 4·(x − 0.4)².
    private static func trials(_ count: Int, noise: Double, sign: Double = 1) -> [TrialRecord] {
        var random = RandomStream(seed: 3, stream: .explanation)
        return (0..<count).map { number in
            let x = (Double(number) + 0.5) / Double(count)
            let value = 4 * (x - 0.4) * (x - 0.4) + noise * random.normal()
            return Example.trial(number, ["x": .number(x)], .complete(sign * value))
        }
    }

    @Test(arguments: [1.0, -1.0])
    func `a lucky trial far from the others' best is not the best one`(sign: Double) throws {
        let file = try Self.file(goal: sign > 0 ? "minimize" : "maximize")
        var trials = Self.trials(60, noise: 0.15, sign: sign)
        // At x = 0.99 with a value that no other has.
        trials.append(Example.trial(60, ["x": 0.99], .complete(-0.6 * sign)))
        let expected = try #require(ExpectedBest(among: trials, in: file))
        #expect(file.sweep.metric.ranked(trials).first?.number == 60)
        guard case .number(let x)? = expected.trial.parameters["x"] else {
            Issue.record("x is a number")
            return
        }
        #expect(abs(x - 0.4) < 0.2, "\(x)")
        #expect(abs(expected.mean * sign) < 0.15 && expected.deviation < 0.15)
        #expect((0.08...0.3).contains(expected.noise), "\(expected.noise)")
        let record = SweepRecord(
            name: "test", metric: file.sweep.metric, parameterNames: ["x"], lag: nil,
            file: .init(path: "s.yaml", text: ""), base: nil, directory: "/nowhere", created: Example.time(0))
        let best = BestConfig(file: file, record: record, trials: trials, expecting: true)
        #expect(best.trials.count == 61 && best.trials[0].number == expected.trial.number)
        #expect(best.trials[1].number == 60, "the others follow by their value")
        let remark = try #require(best.remarks(on: best.trials[0]).first)
        #expect(remark.hasPrefix("expected: \(expected.words); the model takes ± "))
        #expect(remark.hasSuffix("; the best value, \(sign > 0 ? "-0.6" : "0.6"), is trial 60's"), "\(remark)")
        #expect(best.remarks(on: best.trials[1]).isEmpty)
        #expect(try best.yaml(of: best.trials[0]).contains("\n# \(remark)\n"))
    }

    @Test func `without noise, and as long as little is known of it, the best value counts`() throws {
        let file = try Self.file()
        #expect(ExpectedBest(among: Self.trials(60, noise: 0), in: file) == nil)
        #expect(ExpectedBest(among: Self.trials(60, noise: 0.002), in: file) == nil)
        #expect(ExpectedBest(among: Self.trials(19, noise: 0.5), in: file) == nil)
        #expect(ExpectedBest(among: [], in: file) == nil)
        let same = (0..<30).map { Example.trial($0, ["x": .number(Double($0) / 30)], .complete(1)) }
        #expect(ExpectedBest(among: same, in: file) == nil)
    }
}
