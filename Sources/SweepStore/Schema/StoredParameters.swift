import Foundation
import SweepModel
import SweepSearch

/// Parameters as one JSON text that keeps their kinds: `{"entries": [{"name": "lr", "kind": "number", "value":
/// "0.1"}]}`.
///
/// The queue and the trials of other sweeps have no rows for each value, since they are read as a whole.
struct StoredParameters: Codable {
    /// One value, with the word for its kind as in the table `parameter`.
    struct Entry: Codable {
        var name: String
        var kind: String
        var value: String
    }

    var entries: [Entry]

    init(_ parameters: Assignment) {
        entries = parameters.map { parameter in
            let value =
                switch parameter.value {
                case .string(let text): text
                case .null, .list, .mapping: parameter.value.json(.stored)
                case .integer, .number, .boolean, .largeInteger: parameter.value.description
                }
            return Entry(name: parameter.name, kind: parameter.value.kind, value: value)
        }
    }

    /// - Throws: `DecodingError` if the text is not such JSON.
    init(text: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }

    var text: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }

    /// - Throws: `DecodingError` if a value is not of its kind.
    var parameters: Assignment {
        get throws {
            let values = try entries.map { entry in
                let value: ParameterValue? =
                    switch entry.kind {
                    case "string": .string(entry.value)
                    case "number": number(entry.value).map { .number($0) }
                    default: ParameterValue(json: entry.value).flatMap { $0.kind == entry.kind ? $0 : nil }
                    }
                guard let value else {
                    throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: entry.kind))
                }
                return value
            }
            return Assignment(names: entries.map(\.name), values: values)
        }
    }

    /// Reads a number; infinity is spelled as in YAML, `.inf`.
    private func number(_ text: String) -> Double? {
        text == ".inf" ? .infinity : text == "-.inf" ? -.infinity : Double(text)
    }
}
