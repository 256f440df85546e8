import SweepSearch

/// Values in an order, of which the place of one is found without looking at all of them.
///
///     var places = ValuePlaces(["a", .integer(1), "b"])
///     places["b"]                 // 2
///     places[.number(1)]          // 1: it denotes the same value
///     places.append("c")
package struct ValuePlaces: Sendable, Hashable {
    package private(set) var values: [ParameterValue] = []
    private var exact: [ParameterValue: Int] = [:]
    private var normalized: [ParameterValue: Int] = [:]
    /// The places of numbers, and of integers of more than 64 bits, by the number that is nearest to them: one of the
    /// first matches one of the second.
    private var numbers: [Double: Int] = [:]
    private var largeIntegers: [Double: Int] = [:]

    package init(_ values: [ParameterValue]) {
        for value in values { append(value) }
    }

    /// Of values that denote the same the first one is found, unless a later one is written like what is looked for.
    package mutating func append(_ value: ParameterValue) {
        let place = values.count
        values.append(value)
        Self.note(place, value, in: &exact)
        Self.note(place, value.normalized, in: &normalized)
        switch value {
        case .number(let number): Self.note(place, number, in: &numbers)
        case .largeInteger(let digits): if let number = Double(digits) { Self.note(place, number, in: &largeIntegers) }
        case .integer, .string, .boolean, .null, .list, .mapping: break
        }
    }

    private static func note<Key: Hashable>(_ place: Int, _ key: Key, in places: inout [Key: Int]) {
        if places[key] == nil { places[key] = place }
    }

    /// The place of a value that equals this one, or else of the first that matches it; nil if there is none.
    package subscript(value: ParameterValue) -> Int? {
        if let place = exact[value] { return place }
        switch value {
        case .number(let number): return Self.first(normalized[value.normalized], largeIntegers[number])
        case .largeInteger(let digits):
            return Self.first(normalized[value], Double(digits).flatMap { numbers[$0] })
        case .integer, .string, .boolean, .null, .list, .mapping: return normalized[value.normalized]
        }
    }

    private static func first(_ place: Int?, _ other: Int?) -> Int? {
        guard let place, let other else { return place ?? other }
        return min(place, other)
    }
}
