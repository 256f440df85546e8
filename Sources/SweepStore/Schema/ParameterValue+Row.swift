import GRDB
import SweepSearch

/// A parameter's value as two columns: its kind, and SQLite's form of it.
///
/// SQLite alone could not keep the kind: it has no booleans, and no type for a list.
extension ParameterValue {
    /// The word for the value's kind in the column `kind`. A stored word never changes.
    var kind: String {
        switch self {
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .boolean: "boolean"
        case .largeInteger: "large integer"
        case .null: "null"
        case .list: "list"
        case .mapping: "mapping"
        }
    }

    /// What is stored in the column `value`. Numbers stay numbers, so that SQL can compare and average them.
    var databaseValue: DatabaseValue {
        switch self {
        case .integer(let number): number.databaseValue
        case .number(let number): number.databaseValue
        case .string(let text): text.databaseValue
        case .boolean(let flag): flag.databaseValue
        case .largeInteger(let digits): digits.databaseValue
        case .null, .list, .mapping: json(.stored).databaseValue
        }
    }

    /// Reads the columns `name`, `kind` and `value` of a row, of which the places are given.
    ///
    /// - Throws: `DamagedRow` if the value is not of that kind.
    init(_ row: StoredRow, name: Int, kind: Int, value: Int) throws {
        let word = row.withText(at: kind, StoredKind.init) ?? nil
        switch (word, row.cell(value)) {
        case (.integer, .integer(let number)): self = .integer(number)
        case (.number, .number(let number)) where !number.isNaN: self = .number(number)
        case (.string, .text(let text)): self = .string(text)
        case (.boolean, .integer(let number)) where number == 0 || number == 1: self = .boolean(number == 1)
        case (.json(let kind), .text(let text)):
            guard let value = ParameterValue(json: text), value.kind == kind else { fallthrough }
            self = value
        default:
            guard case .text(let name) = row.cell(name) else { throw row.unexpected(name, "a text") }
            guard case .text(let word) = row.cell(kind) else { throw row.unexpected(kind, "a text") }
            throw row.problem("'\(name)' is no value of the kind '\(word.prefix(60))'")
        }
    }
}

/// The words of the column `kind`, recognised where they lie in SQLite's memory: there is one for each value.
private enum StoredKind {
    case integer, number, string, boolean
    /// A kind whose values are stored as JSON.
    case json(String)

    init?(_ bytes: UnsafeRawBufferPointer) {
        if bytes.elementsEqual("number".utf8) {
            self = .number
        } else if bytes.elementsEqual("integer".utf8) {
            self = .integer
        } else if bytes.elementsEqual("string".utf8) {
            self = .string
        } else if bytes.elementsEqual("boolean".utf8) {
            self = .boolean
        } else {
            self = .json(String(decoding: bytes, as: UTF8.self))
        }
    }
}
