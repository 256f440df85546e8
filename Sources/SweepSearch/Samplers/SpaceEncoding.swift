/// One parameter as kernels see it.
package enum KernelAxis {
    /// Only one value: nothing to learn.
    case constant
    /// The unit interval of the parameter's quantiles.
    case numeric
    /// The prior probabilities of the choices.
    case categorical([Double])
}

/// Assignments as numbers: on a numeric axis the quantile of the value, on a categorical one the index of the choice,
/// NaN where the parameter is inactive.
package struct SpaceEncoding {
    let space: SearchSpace
    let axes: [KernelAxis]
    private let measures: [Measure]

    /// What a value's coordinate is on one axis.
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
        axes = space.parameters.map { KernelAxis($0.distribution) }
        measures = zip(axes, space.parameters).map { axis, parameter in
            switch (axis, parameter.distribution) {
            case (.constant, _): .nothing
            case (.categorical, .choice(let values, _)): .choices(ChoiceIndex(values))
            case (.categorical, _), (.numeric, _): .cells(Cells(parameter.distribution))
            }
        }
    }

    /// The assignments as a table, column by column: `[axis * assignments.count + row]`.
    ///
    /// A value that is not legal in the space counts as absent.
    package func table(of assignments: [Assignment]) -> [Double] {
        let count = assignments.count
        // Which of its values every assignment has on every axis; -1 for none.
        var places = [Int32](repeating: -1, count: axes.count * count)
        for (row, assignment) in assignments.enumerated() {
            visit(assignment.names) { axis, place in places[axis * count + row] = Int32(place) }
        }
        var table = [Double](repeating: .nan, count: axes.count * count)
        for axis in axes.indices {
            let measure = measures[axis]
            for row in 0..<count where places[axis * count + row] >= 0 {
                table[axis * count + row] = measure(assignments[row].values[Int(places[axis * count + row])])
            }
        }
        return table
    }

    /// Both the names and the axes are in the space's order, so one walk along both finds every axis without hashing.
    private func visit(_ names: [String], _ body: (_ axis: Int, _ place: Int) -> Void) {
        var next = 0
        for (place, name) in names.enumerated() {
            while next < axes.count && space.parameters[next].name != name { next += 1 }
            // Behind the last axis the walk has met a name of another space or another order.
            let axis = next < axes.count ? next : space.position(of: name)
            if let axis { body(axis, place) }
            next = axis.map { $0 + 1 } ?? 0
        }
    }

    /// An assignment with the cells of its values: what a density is asked about.
    package func candidate(_ assignment: Assignment) -> EncodedCandidate {
        var coordinates = [Double](repeating: .nan, count: axes.count)
        var ranges = [ClosedRange<Double>](repeating: 0...1, count: axes.count)
        visit(assignment.names) { axis, place in
            let value = assignment.values[place]
            coordinates[axis] = measures[axis](value)
            guard case .cells(let cells) = measures[axis] else { return }
            ranges[axis] = cells.cell(of: value) ?? 0...1
        }
        return EncodedCandidate(coordinates: coordinates, cells: ranges)
    }
}

/// Where an assignment lies on every axis.
package struct EncodedCandidate {
    /// As in a ``SpaceEncoding/table(of:)`` of one row.
    let coordinates: [Double]
    /// The quantiles of each value on the numeric axes.
    let cells: [ClosedRange<Double>]
}

extension KernelAxis {
    init(_ distribution: Distribution) {
        switch distribution {
        case .real, .quantized, .integer, .ordinal:
            self = distribution.onlyValue == nil ? .numeric : .constant
        case .choice(_, let weights):
            let total = weights.reduce(0, +)
            self = weights.count(where: { $0 > 0 }) == 1 ? .constant : .categorical(weights.map { $0 / total })
        }
    }
}

/// Finds a choice's index: by looking through a short list, by hashing for a long one.
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
