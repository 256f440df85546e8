/// The parameters of a sweep and which of them exist under which values of others.
///
/// A valid space is a directed acyclic graph, and every parameter in it is active for some assignment. The activity of
/// a parameter is a conjunction of tests, each about one other parameter; much here rests on that.
public struct SearchSpace: Sendable, Hashable {
    /// In the order of their declaration.
    public let parameters: [Parameter]

    /// Every parameter's position, parents before the parameters that depend on them, otherwise as declared.
    let samplingOrder: [Int]

    /// The conditions of each parameter, resolved to positions.
    let conditions: [[ResolvedCondition]]

    private let positions: [String: Int]

    /// - Throws: everything that is wrong with these parameters, in the order of their declaration.
    public init(_ parameters: [Parameter]) throws(SearchSpaceError) {
        var validation = SpaceValidation(parameters)
        validation.run()
        if !validation.problems.isEmpty { throw SearchSpaceError(problems: validation.problems) }
        self.parameters = parameters
        samplingOrder = validation.samplingOrder
        conditions = validation.conditions
        positions = validation.positions
    }

    /// The parameter of that name.
    public subscript(name: String) -> Parameter? { position(of: name).map { parameters[$0] } }

    func position(of name: String) -> Int? { positions[name] }

    /// Whether the parameter exists in an assignment; false for a name the space does not know.
    public func isActive(_ name: String, in assignment: Assignment) -> Bool {
        guard let parameter = self[name] else { return false }
        return parameter.conditions.allSatisfy { condition in
            assignment[condition.parameter].map(condition.test.holds(for:)) ?? false
        }
    }

    /// Walks from the parents to the children and asks `choose` for a value of every parameter that turns out active,
    /// by its position in ``parameters``.
    func assignment(choosing choose: (Int) -> ParameterValue) -> Assignment {
        var chosen = [ParameterValue?](repeating: nil, count: parameters.count)
        for position in samplingOrder {
            let isActive = conditions[position].allSatisfy { condition in
                chosen[condition.parent].map(condition.test.holds(for:)) ?? false
            }
            if isActive { chosen[position] = choose(position) }
        }
        var names = [String]()
        var values = [ParameterValue]()
        names.reserveCapacity(parameters.count)
        values.reserveCapacity(parameters.count)
        for (parameter, value) in zip(parameters, chosen) {
            guard let value else { continue }
            names.append(parameter.name)
            values.append(value)
        }
        return Assignment(names: names, values: values)
    }
}

/// A condition whose parent is known by its position.
struct ResolvedCondition: Sendable, Hashable {
    var parent: Int
    var test: Condition.Test
}
