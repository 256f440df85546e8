import ArgumentParser
import Foundation
import SweepSearch

/// Trainings whose learning curves are known: what they report epoch by epoch can be looked up.
///
/// The tables were made by `netcurves.py`: small networks on the handwritten digits, with the labels
/// as they are, or with some of them wrong. Between the units, rates and decays of a table the logarithms of the losses
/// are interpolated.
struct CurveFunction: Sendable {
    let name: String
    let space: SearchSpace
    /// By what a row was trained with.
    private let curves: [Key: [Double]]

    /// How many epochs a training has that is not stopped.
    static let epochs = 27

    static let all = ["netcurves", "noisycurves"].map(CurveFunction.init)

    /// - Parameter names: of functions, by comma.
    static func chosen(_ names: String) throws -> [CurveFunction] {
        try names.split(separator: ",").map { name in
            guard let function = all.first(where: { $0.name == name }) else {
                throw ValidationError("there is no function '\(name)' with curves")
            }
            return function
        }
    }

    private struct Key: Hashable {
        var layers: Double
        var units: Double
        var activation: String
        var batch: Double
        var optimizer: String
        var rate: Double
        var decay: Double
    }

    private static let units: [Double] = [4, 8, 16, 32, 64]
    private static let decays = [1e-5, 1e-3, 3e-2]

    private init(_ name: String) {
        self.name = name
        do {
            space = try SearchSpace([
                Parameter("layers", .integer(min: 1, max: 3, step: 1, log: false)),
                Parameter("units", .integer(min: 4, max: 64, step: 1, log: true)),
                Parameter("activation", .choice(["relu", "tanh"])),
                Parameter("batch", .choice([16, 64])),
                Parameter("optimizer", .choice(["sgd", "adam"])),
                Parameter("sgd_rate", .logUniform(min: 1e-3, max: 1), when: [Condition("optimizer", .equals("sgd"))]),
                Parameter(
                    "adam_rate", .logUniform(min: 1e-4, max: 0.1), when: [Condition("optimizer", .equals("adam"))]),
                Parameter("decay", .logUniform(min: 1e-5, max: 3e-2)),
            ])
        } catch {
            preconditionFailure("\(name): \(error)")
        }
        var curves: [Key: [Double]] = [:]
        for fields in resourceRows(name) {
            let numbers = fields.map { Double($0) ?? .nan }
            let key = Key(
                layers: numbers[0], units: numbers[1], activation: fields[2], batch: numbers[3], optimizer: fields[4],
                rate: Self.rateIndex(numbers[5]), decay: numbers[6])
            curves[key] = Array(numbers[7...])
        }
        self.curves = curves
    }

    /// Twice the decimal logarithm, rounded: the rates of the tables are powers of √10.
    private static func rateIndex(_ rate: Double) -> Double { (2 * log10(rate)).rounded() }

    /// What the training reports after each epoch; fewer values than epochs where it diverges.
    ///
    /// Where the nearest row diverges the training does; other rows that do are left out.
    func curve(_ assignment: Assignment) -> [Double] {
        let v = Values(assignment)
        let rate = 2 * log10(v["\(v.text("optimizer"))_rate"])
        let below = rate.rounded(.down)
        let rates = [(below, 1 - rate + below), (below + 1, rate - below)]
        var corners: [(weight: Double, curve: [Double])] = []
        for units in neighbours(of: v["units"], among: Self.units) {
            for decay in neighbours(of: v["decay"], among: Self.decays) {
                for (level, share) in rates where share > 0 {
                    let key = Key(
                        layers: v["layers"], units: units.level, activation: v.text("activation"), batch: v["batch"],
                        optimizer: v.text("optimizer"), rate: level, decay: decay.level)
                    guard let curve = curves[key] else { continue }
                    corners.append((units.share * decay.share * share, curve))
                }
            }
        }
        guard let nearest = corners.max(by: { $0.weight < $1.weight })?.curve else {
            preconditionFailure("\(name) has no row for \(assignment)")
        }
        if nearest.count < Self.epochs { return nearest }
        corners.removeAll { $0.curve.count < Self.epochs }
        let total = corners.reduce(0) { $0 + $1.weight }
        return (0..<Self.epochs).map { epoch in
            exp(corners.reduce(0) { $0 + $1.weight * log($1.curve[epoch]) } / total)
        }
    }

    /// The levels on both sides of a value, with their shares by the distance of the logarithms.
    private func neighbours(of value: Double, among levels: [Double]) -> [(level: Double, share: Double)] {
        guard let above = levels.firstIndex(where: { $0 >= value }) else { return [(levels[levels.count - 1], 1)] }
        if above == 0 || levels[above] == value { return [(levels[above], 1)] }
        let share = log(value / levels[above - 1]) / log(levels[above] / levels[above - 1])
        return [(levels[above - 1], 1 - share), (levels[above], share)]
    }

    /// The least final value.
    var optimum: Double {
        curves.values.compactMap { $0.count == Self.epochs ? $0.last : nil }.min() ?? .nan
    }
}
