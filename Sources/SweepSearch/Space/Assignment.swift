/// The values of one trial: one for every active parameter, in the order in which the space declares them.
///
///     let assignment = Assignment(["rate": 0.1, "optimizer": "adam"], in: space)
///     assignment["rate"]                              // 0.1
///     "\(assignment)"                                 // optimizer=adam rate=0.1
///
/// Two assignments of one space are equal if and only if they give the same parameters the same values.
public struct Assignment: Sendable, Hashable {
    /// The names of the active parameters.
    public let names: [String]
    /// Their values, in the same order.
    public let values: [ParameterValue]

    /// An assignment of exactly these values, legal or not: see ``SearchSpace/problem(with:)``.
    ///
    /// Names the space does not know come last, sorted.
    public init(_ valuesByName: [String: ParameterValue], in space: SearchSpace) {
        let known = space.parameters.map(\.name).filter { valuesByName[$0] != nil }
        let unknown = known.count == valuesByName.count ? [] : Set(valuesByName.keys).subtracting(known).sorted()
        self.init(names: known + unknown, values: (known + unknown).compactMap { valuesByName[$0] })
    }

    /// - Parameter names: in the order of the space.
    package init(names: [String], values: [ParameterValue]) {
        precondition(names.count == values.count, "\(names.count) names for \(values.count) values")
        self.names = names
        self.values = values
    }

    /// The value of an active parameter; nil for an inactive or unknown one.
    public subscript(name: String) -> ParameterValue? {
        names.firstIndex(of: name).map { values[$0] }
    }

    /// The values by name.
    package var valuesByName: [String: ParameterValue] {
        Dictionary(zip(names, values)) { first, _ in first }
    }
}

extension Assignment: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { names.count }
    /// A parameter with its value, by its place among the active ones.
    public subscript(position: Int) -> (name: String, value: ParameterValue) { (names[position], values[position]) }
}

extension Assignment: CustomStringConvertible {
    /// The values on one line: `optimizer=adam rate=0.1`.
    public var description: String { map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
}
