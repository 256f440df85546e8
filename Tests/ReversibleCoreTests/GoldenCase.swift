import Foundation
import LinearAlgebra
import RandomStreams
import ReversibleCore

/// One folder of reference numbers: `case.json`, and beside it the tensors too long to be written in it.
struct GoldenCase: Sendable, CustomStringConvertible {
    let name: String
    let kind: String
    private let folder: URL
    private let json: Data

    var description: String { name }

    /// The folder that the environment names in place of the one that is part of these tests.
    private static let elsewhere = ProcessInfo.processInfo.environment["GOLDEN_DIR"].map { URL(fileURLWithPath: $0) }

    static var areElsewhere: Bool { elsewhere != nil }

    /// Every case in that folder.
    static let all: [GoldenCase] = {
        let root = elsewhere ?? Bundle.module.resourceURL!.appendingPathComponent("Golden")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return (files?.allObjects ?? []).compactMap { $0 as? URL }
            .filter { $0.lastPathComponent == "case.json" }
            .sorted { $0.path < $1.path }
            .map { GoldenCase(file: $0) }
    }()

    init(file: URL) {
        folder = file.deletingLastPathComponent()
        json = (try? Data(contentsOf: file)) ?? Data()
        let head = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any]
        kind = head?["kind"] as? String ?? "unreadable"
        name = head?["name"] as? String ?? file.path
    }

    /// The whole case, with its tensors read.
    func contents() throws -> GoldenContents {
        guard let root = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
            throw GoldenError(text: "\(name) is not an object")
        }
        return GoldenContents(name: name, folder: folder, root: root)
    }
}

struct GoldenError: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}

/// Access by key to what a case says.
struct GoldenContents {
    let name: String
    let folder: URL
    let root: [String: Any]

    var expected: [String: Any] { root["expected"] as? [String: Any] ?? [:] }

    func tolerance(_ key: String) throws -> Double {
        guard let value = number((root["tolerances"] as? [String: Any])?[key]) else {
            throw GoldenError(text: "\(name) has no tolerance \(key)")
        }
        return value
    }

    func has(_ tensor: String) -> Bool { (root["tensors"] as? [String: Any])?[tensor] != nil }

    /// The shape and the numbers, row by row.
    func tensor(_ name: String) throws -> (shape: [Int], values: [Double]) {
        guard let entry = (root["tensors"] as? [String: Any])?[name] as? [String: Any],
            let shape = entry["shape"] as? [Int]
        else { throw GoldenError(text: "\(self.name) has no tensor \(name)") }
        let count = shape.reduce(1, *)
        let values: [Double]
        if let data = entry["data"] as? [Any] {
            values = data.compactMap(number)
        } else {
            let bytes = try Data(contentsOf: folder.appendingPathComponent(entry["file"] as? String ?? ""))
            values =
                entry["dtype"] as? String == "f32"
                ? bytes.withUnsafeBytes { bytes in
                    (0..<bytes.count / 4).map { Double(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
                }
                : bytes.withUnsafeBytes { bytes in
                    (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
                }
        }
        guard values.count == count else { throw GoldenError(text: "\(name) has \(values.count) of \(count) numbers") }
        return (shape, values)
    }

    var architecture: Architecture {
        get throws {
            guard let net = root["net"] as? [String: Any], let features = net["feature_dim"] as? Int,
                let blocks = net["num_blocks"] as? Int, let hidden = net["hidden_dim"] as? Int,
                let bias = net["bias"] as? Bool
            else { throw GoldenError(text: "\(name) describes no network") }
            let kinds = net["nonlinearity"] as? [String] ?? []
            guard kinds.first == "identity", Set(kinds.dropFirst()).count <= 1,
                let activation = Activation(rawValue: kinds.last ?? "")
            else { throw GoldenError(text: "\(name) has the activations \(kinds)") }
            let classes = net["output_dim"] as? Int ?? 0
            return Architecture(
                features: features, blocks: blocks, hidden: hidden == 0 ? nil : hidden, bias: bias,
                classes: classes == 0 ? nil : classes, activation: activation)
        }
    }
}

func number(_ any: Any?) -> Double? { (any as? NSNumber)?.doubleValue }

/// Reads a case's tensors in one precision, each number off by up to half a unit of `Float` rounding if asked to.
struct GoldenReader<Scalar: BLASScalar> {
    let contents: GoldenContents
    /// The seed of the disturbance; `nil`: none.
    var disturbance: UInt64?

    func values(_ name: String) throws -> [Double] {
        let values = try contents.tensor(name).values
        guard let disturbance else { return values }
        var random = RandomStream(seed: disturbance, stream: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        return values.map { $0 * (1 + Double(Float.ulpOfOne) / 2 * (2 * random.uniform() - 1)) }
    }

    func matrix(_ name: String) throws -> Matrix<Scalar> {
        let shape = try contents.tensor(name).shape
        return Matrix(rows: shape[0], columns: shape[1], elements: try values(name).map { Scalar($0) })
    }

    /// The matrix at `index` of a stack of them.
    func matrix(_ name: String, at index: Int) throws -> Matrix<Scalar> {
        let shape = try contents.tensor(name).shape
        let count = shape[1] * shape[2]
        return Matrix(
            rows: shape[1], columns: shape[2],
            elements: try values(name)[index * count..<(index + 1) * count].map { Scalar($0) })
    }

    /// A vector in the reference's layout: for each coupling W, out × in, then b.
    func parameters(_ name: String) throws -> Parameters<Scalar> {
        let architecture = try contents.architecture
        let (inputs, half) = (architecture.hidden ?? architecture.half, architecture.half)
        var rest = try values(name)[...]
        return Parameters(
            coefficients: (0..<2 * architecture.blocks).map { _ in
                var coefficients = Matrix<Scalar>(rows: architecture.coefficientRows, columns: half)
                for output in 0..<half {
                    for input in 0..<inputs { coefficients[input, output] = Scalar(rest.removeFirst()) }
                }
                if architecture.bias {
                    for output in 0..<half { coefficients[inputs, output] = Scalar(rest.removeFirst()) }
                }
                return coefficients
            })
    }

    func network() throws -> ReversibleNetwork<Scalar> {
        let architecture = try contents.architecture
        let layers = contents.root["layer_order"] as? [String] ?? []
        return ReversibleNetwork(
            architecture: architecture,
            projections: architecture.hidden == nil ? [] : try layers.map { try matrix("C/\($0)") },
            readout: architecture.classes == nil ? nil : try matrix("U"), parameters: try parameters("theta"))
    }
}

/// Parameters in the reference's layout.
func flattened<Scalar: BLASScalar>(_ parameters: Parameters<Scalar>, bias: Bool) -> [Double] {
    parameters.coefficients.flatMap { coefficients in
        let inputs = coefficients.rows - (bias ? 1 : 0)
        return coefficients.rows(0..<inputs).transposed().elements.map { Double($0) }
            + coefficients.rows(inputs..<coefficients.rows).elements.map { Double($0) }
    }
}
