import Foundation
import SweepModel
import SweepSearch
import Testing

/// `Golden/trials.json`; see the README beside it.
struct GoldenTrials: Decodable {
    struct Named: Decodable {
        struct Attributes: Decodable {
            var low: Double?
            var high: Double?
            var step: Double?
            var log: Bool?
            var choices: [Choice]?
        }
        /// What a choice is does not matter, only which one it is.
        struct Choice: Decodable {
            init(from decoder: any Decoder) throws {}
        }
        var name: String
        var attributes: Attributes

        var distribution: Distribution {
            let (low, high) = (attributes.low ?? 0, attributes.high ?? 0)
            switch (name, attributes.log == true, attributes.step) {
            case ("CategoricalDistribution", _, _):
                return .choice((attributes.choices ?? []).indices.map { .integer($0) })
            case ("IntDistribution", let log, let step):
                return .integer(min: Int(low), max: Int(high), step: Int(step ?? 1), log: log)
            case (_, true, _): return .logUniform(min: low, max: high)
            case (_, false, let step?): return .quantized(.linear, min: low, max: high, step: step)
            case (_, false, nil): return .uniform(min: low, max: high)
            }
        }

        func value(_ stored: Double) -> ParameterValue {
            name == "FloatDistribution" ? .number(stored) : .integer(Int(stored))
        }
    }
    var distributions: [String: Named]
    var values: [Double]
    var parameters: [String: [Double?]]
    var importances: [String: [String: Double]]

    func space() throws -> SearchSpace {
        try SearchSpace(distributions.sorted { $0.key < $1.key }.map { Parameter($0.key, $0.value.distribution) })
    }

    func trials(_ space: SearchSpace) -> [TrialRecord] {
        values.enumerated().map { index, value in
            let stored = distributions.compactMap { name, named in
                (parameters[name]?[index]).map { (name, named.value($0)) }
            }
            return .complete(index, value, Assignment(Dictionary(uniqueKeysWithValues: stored), in: space))
        }
    }

    static func read() throws -> GoldenTrials {
        let url = try #require(Bundle.module.url(forResource: "trials", withExtension: "json", subdirectory: "Golden"))
        return try JSONDecoder().decode(GoldenTrials.self, from: Data(contentsOf: url))
    }
}

extension TrialRecord {
    static func complete(_ number: Int, _ value: Double, _ parameters: Assignment) -> TrialRecord {
        let time = Date(timeIntervalSince1970: 0)
        var trial = TrialRecord(number: number, origin: .sampled, seed: 0, parameters: parameters, created: time)
        trial.end(.complete(value), at: time)
        return trial
    }
}
