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

    /// Reads the columns `kind` and `value` of a row.
    ///
    /// - Throws: `DamagedRow` if the value is not of that kind.
    init(_ row: StoredRow) throws {
        let kind = try row.text("kind")
        switch (kind, try row.value("value").storage) {
        case ("integer", .int64(let number)): self = .integer(Int(number))
        case ("number", .double(let number)) where !number.isNaN: self = .number(number)
        case ("string", .string(let text)): self = .string(text)
        case ("boolean", .int64(let number)) where number == 0 || number == 1: self = .boolean(number == 1)
        case ("large integer", .string(let text)), ("null", .string(let text)), ("list", .string(let text)),
            ("mapping", .string(let text)):
            guard let value = ParameterValue(json: text), value.kind == kind else { throw try Self.problem(row, kind) }
            self = value
        default: throw try Self.problem(row, kind)
        }
    }

    private static func problem(_ row: StoredRow, _ kind: String) throws -> DamagedRow {
        row.problem("'\(try row.text("name"))' is no value of the kind '\(kind.prefix(60))'")
    }
}
