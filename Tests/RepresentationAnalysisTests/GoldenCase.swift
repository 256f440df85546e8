import Foundation
import LinearAlgebra
import ReversibleCore

/// One case of reference numbers: `Golden/<name>/case.json`, tensors written in it.
struct GoldenCase {
    private let root: [String: Any]

    init(_ name: String) throws {
        let file = Bundle.module.resourceURL!.appendingPathComponent("Golden/\(name)/case.json")
        root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    }

    /// A number or an object at a path of keys.
    subscript(path: String...) -> Any? {
        path.reduce(Optional(root as Any)) { ($0 as? [String: Any])?[$1] }
    }

    func expected(_ path: String...) throws -> Double {
        let value = path.reduce(root["expected"]) { ($0 as? [String: Any])?[$1] }
        guard let number = value as? NSNumber else { throw MissingNumber(path: path) }
        return number.doubleValue
    }

    struct MissingNumber: Error { var path: [String] }

    func tensor(_ name: String) throws -> (shape: [Int], values: [Double]) {
        guard let entry = self["tensors", name] as? [String: Any], let shape = entry["shape"] as? [Int],
            let data = entry["data"] as? [NSNumber]
        else { throw MissingNumber(path: [name]) }
        return (shape, data.map(\.doubleValue))
    }

    func matrix<Scalar: BLASScalar>(_ name: String, as type: Scalar.Type = Double.self) throws -> Matrix<Scalar> {
        let (shape, values) = try tensor(name)
        return Matrix(rows: shape[0], columns: shape[1], elements: values.map { Scalar($0) })
    }

    var architecture: Architecture {
        func integer(_ key: String) -> Int { self["net", key] as? Int ?? 0 }
        return Architecture(
            features: integer("feature_dim"), blocks: integer("num_blocks"), hidden: integer("hidden_dim"), bias: true,
            classes: integer("output_dim"))
    }

    /// The network with the parameters of that name, which the reference keeps as W, out × in, then b, of every layer.
    func network<Scalar: BLASScalar>(
        _ parameters: String, as type: Scalar.Type = Double.self
    ) throws -> ReversibleNetwork<Scalar> {
        let architecture = architecture
        var rest = try tensor(parameters).values[...]
        let (hidden, half) = (architecture.coefficientRows - 1, architecture.half)
        let coefficients = (0..<2 * architecture.blocks).map { _ in
            let weights = Matrix(rows: half, columns: hidden, elements: rest.prefix(half * hidden)).transposed()
            rest = rest.dropFirst(half * hidden)
            defer { rest = rest.dropFirst(half) }
            return Matrix(rows: hidden + 1, columns: half, elements: weights.elements + rest.prefix(half))
                .converted(to: Scalar.self)
        }
        return ReversibleNetwork(
            architecture: architecture,
            projections: try (self["layer_order"] as? [String] ?? []).map { try matrix("C/\($0)", as: type) },
            readout: try matrix("U", as: type), parameters: Parameters(coefficients: coefficients))
    }
}
