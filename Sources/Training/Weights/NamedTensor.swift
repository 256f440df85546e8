import LinearAlgebra
import ReversibleCore

/// An array of numbers with a name, as files of weights hold them.
///
///     let tensor = NamedTensor(name: "blocks.0.f.bias", shape: [3], values: [0.1, 0, -0.2])
public struct NamedTensor: Hashable, Sendable {
    public var name: String
    /// The length along each axis; the last one changes fastest.
    public var shape: [Int]
    /// All numbers in the order of `shape`: row by row for a matrix.
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill \(shape)")
        self.name = name
        self.shape = shape
        self.values = values
    }
}

extension ReversibleNetwork<Float> {
    /// Everything that a network computes with, under the names and in the layout that PyTorch users expect.
    ///
    /// | name | shape | |
    /// |---|---|---|
    /// | `blocks.0.f.weight` | `[m, h]`, out × in | W |
    /// | `blocks.0.f.bias` | `[m]` | b |
    /// | `blocks.0.f.projection` | `[m, h]`, in × out | C, frozen |
    /// | `readout` | `[d, K]`, in × out | U, frozen |
    ///
    /// With `x = [x1 | x2]`: `F(x2) = s(x2 C) Wᵀ + b`, `logits = y U`.
    ///
    /// - Parameter projections: C of every coupling, in the order of the forward pass; empty where there are none.
    public func tensors(projections: [Matrix<Float>]) -> [NamedTensor] {
        var tensors: [NamedTensor] = []
        for (index, coefficients) in parameters.coefficients.enumerated() {
            let layer = Self.layerName(index)
            let inputs = coefficients.rows - (architecture.bias ? 1 : 0)
            tensors.append(
                NamedTensor(
                    name: "\(layer).weight", shape: [coefficients.columns, inputs],
                    values: coefficients.rows(0..<inputs).transposed().elements))
            if architecture.bias {
                tensors.append(
                    NamedTensor(
                        name: "\(layer).bias", shape: [coefficients.columns],
                        values: coefficients.rows(inputs..<coefficients.rows).elements))
            }
            if !projections.isEmpty { tensors.append(NamedTensor("\(layer).projection", projections[index])) }
        }
        if let readoutMatrix { tensors.append(NamedTensor("readout", readoutMatrix)) }
        return tensors
    }

    /// U, shape `[d, K]`.
    private var readoutMatrix: Matrix<Float>? {
        guard let classes = architecture.classes else { return nil }
        return atOutput(.identity(classes)).joined.transposed()
    }

    /// `blocks.0.f`, `blocks.0.g`, `blocks.1.f`, … for the couplings in the order of the forward pass.
    fileprivate static func layerName(_ index: Int) -> String { "blocks.\(index / 2).\(index % 2 == 0 ? "f" : "g")" }
}

extension NamedTensor {
    fileprivate init(_ name: String, _ matrix: Matrix<Float>) {
        self.init(name: name, shape: [matrix.rows, matrix.columns], values: matrix.elements)
    }
}

/// Why tensors are not the weights of a network.
public enum WeightsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A weight or bias of the network is not among the tensors.
    case missing(name: String)
    /// A tensor has a name that none of the network's has.
    case unknown(name: String)
    /// A tensor is there, and has other lengths than the network needs.
    case wrongShape(name: String, expected: [Int], found: [Int])
    /// A tensor has numbers that no training could go on from.
    case notFinite(name: String)
    /// A frozen tensor is not the one that the config makes.
    case otherFrozen(name: String)

    public var description: String {
        switch self {
        case .missing(let name): "the tensor '\(name)' is missing"
        case .unknown(let name): "the config's network has no tensor '\(name)'"
        case .wrongShape(let name, let expected, let found):
            "the tensor '\(name)' has the shape \(found), the config's network needs \(expected)"
        case .notFinite(let name): "the tensor '\(name)' has infinite or undefined numbers"
        case .otherFrozen(let name):
            "the frozen tensor '\(name)' is not the one that the config makes: its seed must be that of the run the "
                + "weights come from"
        }
    }
}

extension ReversibleNetwork<Float> {
    /// This network with the weights and biases of `tensors`.
    ///
    /// The frozen tensors may be left out; where they are given, they must be this network's own, for trained weights
    /// have no meaning behind other projections.
    ///
    /// - Throws: `WeightsError` for the first tensor that does not fit; unknown names come before all else.
    func withWeights(_ tensors: [NamedTensor], projections: [Matrix<Float>]) throws(WeightsError) -> Self {
        let own = self.tensors(projections: projections)
        if let stranger = tensors.first(where: { tensor in !own.contains { $0.name == tensor.name } }) {
            throw .unknown(name: stranger.name)
        }
        var result = self
        for expected in own {
            let isFrozen = expected.name == "readout" || expected.name.hasSuffix(".projection")
            guard let found = tensors.first(where: { $0.name == expected.name }) else {
                if isFrozen { continue }
                throw .missing(name: expected.name)
            }
            guard found.shape == expected.shape else {
                throw .wrongShape(name: found.name, expected: expected.shape, found: found.shape)
            }
            guard found.values.allSatisfy(\.isFinite) else { throw .notFinite(name: found.name) }
            guard !isFrozen || found.values == expected.values else { throw .otherFrozen(name: found.name) }
        }
        func values(_ name: String) -> [Float] { tensors.first { $0.name == name }?.values ?? [] }
        for (index, old) in parameters.coefficients.enumerated() {
            let layer = Self.layerName(index)
            let inputs = old.rows - (architecture.bias ? 1 : 0)
            let weights = Matrix(rows: old.columns, columns: inputs, elements: values("\(layer).weight")).transposed()
            result.parameters.coefficients[index] = Matrix(
                rows: old.rows, columns: old.columns, elements: weights.elements + values("\(layer).bias"))
        }
        return result
    }
}
