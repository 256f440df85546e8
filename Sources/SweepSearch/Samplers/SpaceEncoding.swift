/// Assignments as vectors of numbers, one dimension for each parameter of the space.
///
/// A coordinate is the quantile of a numeric value, the index of a choice, or NaN where the parameter is inactive. A
/// parameter `rate` that is log-uniform from 0.0001 to 1 and a choice between sgd and adam are thus encoded as
///
///     rate=0.01 optimizer=adam        [0.5, 1]
package struct SpaceEncoding: Sendable {
    let space: SearchSpace
    /// In the order of the space's parameters.
    let dimensions: [Dimension]
    /// In the same order, computed once for all assignments.
    private let measures: [Measure]

    /// What kind of coordinate a parameter has.
    package enum Dimension: Sendable {
        /// Only one value: there is nothing to learn.
        case constant
        /// The unit interval of the parameter's quantiles.
        case numeric
        /// The index of a choice; with the prior probabilities of the choices.
        case categorical([Double])
    }

    /// The map from a parameter's values to its coordinate.
    ///
    /// A value that is not legal has the coordinate NaN.
    private enum Measure {
        case nothing
        case cells(Cells)
        case choices(ChoiceIndex)

        func callAsFunction(_ value: ParameterValue) -> Double {
            switch self {
            case .nothing: .nan
            case .cells(let cells): cells.quantile(of: value) ?? .nan
            case .choices(let choices): choices[value].map(Double.init) ?? .nan
            }
        }
    }

    package init(_ space: SearchSpace) {
        self.space = space
        dimensions = space.parameters.map { Dimension($0.distribution) }
        measures = zip(dimensions, space.parameters).map { dimension, parameter in
            switch (dimension, parameter.distribution) {
            case (.constant, _): .nothing
            case (.categorical, .choice(let values, _)): .choices(ChoiceIndex(values))
            case (.categorical, _), (.numeric, _): .cells(Cells(parameter.distribution))
            }
        }
    }

    /// The coordinates of many assignments, column by column: `[dimension * assignments.count + row]`.
    ///
    /// A value that is not legal in the space counts as absent.
    package func table(of assignments: [Assignment]) -> [Double] {
        let count = assignments.count
        // By dimension and row, the place of the value among those of the assignment; -1 for none.
        var places = [Int32](repeating: -1, count: dimensions.count * count)
        for (row, assignment) in assignments.enumerated() {
            visit(assignment.names) { dimension, place in places[dimension * count + row] = Int32(place) }
        }
        var table = [Double](repeating: .nan, count: dimensions.count * count)
        for dimension in dimensions.indices {
            let measure = measures[dimension]
            for row in 0..<count where places[dimension * count + row] >= 0 {
                table[dimension * count + row] = measure(assignments[row].values[Int(places[dimension * count + row])])
            }
        }
        return table
    }

    /// Calls `body` with the dimension of every name that the space knows.
    ///
    /// Names and dimensions are in the same order, so one walk along both finds every dimension without hashing.
    private func visit(_ names: [String], _ body: (_ dimension: Int, _ place: Int) -> Void) {
        var next = 0
        for (place, name) in names.enumerated() {
            while next < dimensions.count && space.parameters[next].name != name { next += 1 }
            // The walk reaches the end only if the assignment is of another space, or in another order.
            let dimension = next < dimensions.count ? next : space.position(of: name)
            if let dimension { body(dimension, place) }
            next = dimension.map { $0 + 1 } ?? 0
        }
    }

    /// The coordinates of one assignment together with the cells of its values, over which a density is averaged.
    package func candidate(_ assignment: Assignment) -> EncodedCandidate {
        var coordinates = [Double](repeating: .nan, count: dimensions.count)
        var ranges = [ClosedRange<Double>](repeating: 0...1, count: dimensions.count)
        visit(assignment.names) { dimension, place in
            let value = assignment.values[place]
            coordinates[dimension] = measures[dimension](value)
            guard case .cells(let cells) = measures[dimension] else { return }
            ranges[dimension] = cells.cell(of: value) ?? 0...1
        }
        return EncodedCandidate(coordinates: coordinates, cells: ranges)
    }
}

/// The coordinates of one assignment, and the quantiles that stand for each of its values.
package struct EncodedCandidate {
    /// As in a ``SpaceEncoding/table(of:)`` of one row.
    let coordinates: [Double]
    /// In the numeric dimensions, the interval of quantiles that are mapped to the value; a point for a real number.
    let cells: [ClosedRange<Double>]
}

extension SpaceEncoding.Dimension {
    /// A numeric range of one value is constant, and so is a choice with only one weight above 0. A share of the
    /// weights that is so small that its inverse is infinite is 0.
    init(_ distribution: Distribution) {
        switch distribution {
        case .real, .quantized, .integer, .ordinal:
            self = distribution.onlyValue == nil ? .numeric : .constant
        case .choice(_, let weights):
            let total = weights.reduce(0, +)
            let prior = weights.map { $0 / total < 1e-300 ? 0 : $0 / total }
            self = prior.count(where: { $0 > 0 }) == 1 ? .constant : .categorical(prior)
        }
    }
}

/// Finds the index of a choice. Up to 16 values a scan of the list is faster than hashing.
/// Indices count from 0, in the order of the choice's values.
private struct ChoiceIndex {
    private let values: [ParameterValue]
    private let indices: [ParameterValue: Int]

    init(_ values: [ParameterValue]) {
        self.values = values
        indices = values.count <= 16 ? [:] : Dictionary(uniqueKeysWithValues: zip(values, values.indices))
    }

    subscript(value: ParameterValue) -> Int? {
        values.count <= 16 ? values.firstIndex(of: value) : indices[value]
    }
}
