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
    private let choices: [ChoiceIndex?]

    package init(_ space: SearchSpace) {
        self.space = space
        axes = space.parameters.map { KernelAxis($0.distribution) }
        choices = space.parameters.map { parameter in
            guard case .choice(let values, _) = parameter.distribution else { return nil }
            return ChoiceIndex(values)
        }
    }

    /// The assignments as a table, column by column: `[axis * assignments.count + row]`.
    ///
    /// A value that is not legal in the space counts as absent.
    package func table(of assignments: [Assignment]) -> [Double] {
        var table = [Double](repeating: .nan, count: axes.count * assignments.count)
        for (row, assignment) in assignments.enumerated() {
            visit(assignment) { axis, value in
                table[axis * assignments.count + row] = coordinate(of: value, on: axis)
            }
        }
        return table
    }

    /// Both the names and the axes are in the space's order, so one walk along both finds every axis without hashing.
    private func visit(_ assignment: Assignment, _ body: (_ axis: Int, _ value: ParameterValue) -> Void) {
        var next = 0
        for (name, value) in zip(assignment.names, assignment.values) {
            while next < axes.count && space.parameters[next].name != name { next += 1 }
            // Behind the last axis the walk has met a name of another space or another order.
            let axis = next < axes.count ? next : space.position(of: name)
            if let axis { body(axis, value) }
            next = axis.map { $0 + 1 } ?? 0
        }
    }

    private func coordinate(of value: ParameterValue, on axis: Int) -> Double {
        switch axes[axis] {
        case .constant: .nan
        case .numeric: space.parameters[axis].distribution.quantile(of: value) ?? .nan
        case .categorical: choices[axis]?[value].map(Double.init) ?? .nan
        }
    }

    /// An assignment with the cells of its values: what a density is asked about.
    package func candidate(_ assignment: Assignment) -> EncodedCandidate {
        var coordinates = [Double](repeating: .nan, count: axes.count)
        var cells = [ClosedRange<Double>](repeating: 0...1, count: axes.count)
        visit(assignment) { axis, value in
            coordinates[axis] = coordinate(of: value, on: axis)
            guard case .numeric = axes[axis] else { return }
            cells[axis] = space.parameters[axis].distribution.cell(of: value) ?? 0...1
        }
        return EncodedCandidate(coordinates: coordinates, cells: cells)
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
        case .uniform, .logUniform, .normal, .logNormal, .quantized, .integer, .ordinal:
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
