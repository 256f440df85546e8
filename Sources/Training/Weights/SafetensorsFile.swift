import ConfigFile
import Foundation

/// The form of Hugging Face's safetensors.
///
///     bytes 0..<8     length of the header
///     then            the header, JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
///     then            the numbers, little-endian, without gaps
///
/// Source: github.com/huggingface/safetensors, README, "Format".
enum SafetensorsFile {
    /// The largest header that the reference implementation accepts.
    private static let maxHeaderSize = 100_000_000

    /// The whole file; the tensors lie in it in the order given.
    static func encoded(_ tensors: [NamedTensor]) -> [UInt8] {
        var (entries, offset) = ([ConfigEntry](), 0)
        for tensor in tensors {
            let end = offset + 4 * tensor.values.count
            let fields = [
                ConfigEntry(key: "dtype", node: ConfigNode(.string("F32"))),
                ConfigEntry(key: "shape", node: list(tensor.shape)),
                ConfigEntry(key: "data_offsets", node: list([offset, end])),
            ]
            entries.append(ConfigEntry(key: tensor.name, node: ConfigNode(.mapping(fields))))
            offset = end
        }
        var header = Array(ConfigNode(.mapping(entries)).compactJSON.utf8)
        // Spaces until the numbers begin at a multiple of eight.
        header += [UInt8](repeating: 32, count: (8 - header.count % 8) % 8)
        var bytes: [UInt8] = []
        bytes.append(header.count, bytes: 8)
        bytes += header
        for tensor in tensors { bytes.append(tensor.values) }
        return bytes
    }

    /// The tensors of a file, sorted by name: a JSON object has no order. Entries of `__metadata__` are passed over.
    ///
    /// - Throws: `MalformedWeights` for what is no such file, or holds other numbers than F32 and F64.
    static func decoded(_ bytes: [UInt8]) throws -> [NamedTensor] {
        let bytes = bytes[...]
        guard let length = bytes.number(at: 0, bytes: 8), (0...maxHeaderSize).contains(length),
            let header = bytes.part(at: 8, count: length),
            let entries = try? JSONSerialization.jsonObject(with: Data(header)) as? [String: Any]
        else { throw MalformedWeights(problem: "this is not a safetensors file") }
        let numbers = bytes.dropFirst(8 + length)
        return try entries.filter { $0.key != "__metadata__" }.sorted { $0.key < $1.key }.map { name, entry in
            guard let entry = entry as? [String: Any], let type = entry["dtype"] as? String,
                let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int],
                offsets.count == 2, shape.allSatisfy({ $0 >= 0 })
            else { throw MalformedWeights(problem: "the header does not describe the tensor '\(name)'") }
            guard let width = ["F32": 4, "F64": 8][type] else {
                throw MalformedWeights(problem: "the tensor '\(name)' has the type \(type), known are F32 and F64")
            }
            guard let size = byteCount(shape, width), offsets[0] >= 0, offsets[1] &- offsets[0] == size,
                let data = numbers.part(at: offsets[0], count: size)
            else { throw MalformedWeights(problem: "the numbers of the tensor '\(name)' are not all there") }
            return NamedTensor(name: name, shape: shape, values: data.floats(ofBytes: width))
        }
    }

    /// A JSON array of whole numbers.
    private static func list(_ numbers: [Int]) -> ConfigNode {
        ConfigNode(.sequence(numbers.map { ConfigNode(.integer($0)) }))
    }
}
