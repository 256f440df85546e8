import ArgumentParser
import Foundation
import SweepSearch

/// A function with several objectives, or with bounds, whose best front is known: a stand-in for a trainer.
///
/// Lower values are better. What trials have reached is measured by the volume that they dominate together: see
/// ``gap(of:)``.
struct VectorFunction: Sendable {
    enum Group: String, Sendable, CaseIterable {
        /// Two objectives, of which one depends on a single parameter.
        case zdt
        /// Two or three objectives on a sphere.
        case dtlz
        /// With bounds on further metrics.
        case bounds
        /// With choices and conditional parameters.
        case mixed
    }

    let name: String
    let group: Group
    let space: SearchSpace
    /// One value for each objective: nothing is gained beyond it.
    let reference: [Double]
    /// The volume that the best front dominates.
    let best: Double
    let value: @Sendable (Values) -> ObjectiveVector

    init(
        _ group: Group, _ name: String, reference: [Double], best: Double, _ parameters: [Parameter],
        _ value: @escaping @Sendable (Values) -> ObjectiveVector
    ) {
        self.name = name
        self.group = group
        self.reference = reference
        self.best = best
        self.value = value
        do {
            space = try SearchSpace(parameters)
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }

    /// - Parameter front: what can be reached, at least all that nothing dominates. Where that is a curve, so many
    ///   points of it that their volume is the curve's but for a small part of what a hundred trials leave.
    init(
        _ group: Group, _ name: String, reference: [Double], front: [[Double]], _ parameters: [Parameter],
        _ value: @escaping @Sendable (Values) -> ObjectiveVector
    ) {
        let best = Hypervolume.volume(of: front, below: reference)
        self.init(group, name, reference: reference, best: best, parameters, value)
    }

    /// Which share of the best front's volume the trials do not dominate, as its decimal logarithm: 0 if none of them
    /// counts, -6 if nothing is missing.
    ///
    /// Trials beyond a bound count for nothing. Shares do not depend on the units of the objectives.
    func gap(of trials: [ObjectiveVector]) -> Double {
        let values = trials.filter(\.isFeasible).map(\.values)
        let missing = 1 - Hypervolume.volume(of: values, below: reference) / best
        precondition(missing > -1e-3, "\(name): the trials dominate more than the best front")
        return log10(min(max(missing, 1e-6), 1))
    }

    static let all: [VectorFunction] = zdtFunctions + dtlzFunctions + boundedFunctions + mixedVectorFunctions

    static func named(_ name: String) -> VectorFunction? { all.first { $0.name == name } }

    /// - Parameter names: of functions or groups, by comma.
    static func chosen(_ names: String) throws -> [VectorFunction] {
        try names.split(separator: ",").flatMap { name in
            if let group = Group(rawValue: String(name)) { return all.filter { $0.group == group } }
            guard let function = named(String(name)) else {
                throw ValidationError("there is no function '\(name)' with several objectives or bounds")
            }
            return [function]
        }
    }
}
