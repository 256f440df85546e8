import ArgumentParser
import Foundation
import RandomStreams
import SweepSearch

/// A function with a known optimum on which samplers are measured: a stand-in for a trainer.
struct BenchFunction: Sendable {
    enum Group: String, Sendable, CaseIterable {
        /// The published suite, on which the peers were measured. Nothing was tuned on it.
        case suite
        /// The functions on which the constants of the samplers were chosen.
        case practice
        /// The functions that were looked at only after that.
        case exam
    }

    let name: String
    let group: Group
    let space: SearchSpace
    /// The least value without noise.
    let optimum: Double
    /// The value without noise; NaN where the trial diverges.
    let value: @Sendable (Values) -> Double
    /// The standard deviation of the noise that is added to what is observed.
    let noise: Double
    /// The share of trials that fail by chance, wherever they are.
    let failures: Double

    init(
        _ group: Group, _ name: String, optimum: Double, noise: Double = 0, failures: Double = 0,
        _ parameters: [Parameter],
        _ value: @escaping @Sendable (Values) -> Double
    ) {
        self.name = name
        self.group = group
        self.optimum = optimum
        self.noise = noise
        self.failures = failures
        self.value = value
        do {
            space = try SearchSpace(parameters)
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }

    /// The value that a trial reports, with noise, and the value without it; NaN for one that fails.
    func measure(_ assignment: Assignment, using random: inout RandomStream) -> (observed: Double, exact: Double) {
        let exact = failures > 0 && random.uniform() < failures ? .nan : value(Values(assignment))
        return (noise == 0 ? exact : exact + noise * random.normal(), exact)
    }

    static let all: [BenchFunction] = suiteFunctions + practiceFunctions + examFunctions

    static func named(_ name: String) -> BenchFunction? { all.first { $0.name == name } }

    /// - Parameter names: of functions or groups, by comma.
    static func chosen(_ names: String) throws -> [BenchFunction] {
        try names.split(separator: ",").flatMap { name in
            if let group = Group(rawValue: String(name)) { return all.filter { $0.group == group } }
            guard let function = named(String(name)) else {
                throw ValidationError("there is no function '\(name)'")
            }
            return [function]
        }
    }
}

/// The values of a trial, for a function to read.
struct Values: Sendable {
    private let assignment: Assignment

    init(_ assignment: Assignment) { self.assignment = assignment }

    subscript(name: String) -> Double { assignment[name]?.asNumber ?? .nan }

    func text(_ name: String) -> String {
        if case .string(let text)? = assignment[name] { text } else { "" }
    }

    /// The numbers of `x1`, `x2`, … `xn`.
    func vector(_ count: Int) -> [Double] { (1...count).map { self["x\($0)"] } }
}

/// The parameters `x1`, `x2`, … `xn`.
func cube(_ count: Int, _ min: Double, _ max: Double) -> [Parameter] {
    (1...count).map { Parameter("x\($0)", .uniform(min: min, max: max)) }
}

func square(_ x: Double) -> Double { x * x }
