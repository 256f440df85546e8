/// The parameters of a sweep, the conditions under which each exists, and the constraints between them.
///
///     let space = try SearchSpace([
///         Parameter("optimizer", .choice(["sgd", "adam"])),
///         Parameter("rate", .logUniform(min: 1e-4, max: 1)),
///         Parameter("momentum", .uniform(min: 0, max: 0.99), when: [Condition("optimizer", .equals("sgd"))]),
///     ])
///     let trial = try space.complete(["optimizer": "adam"], using: &random)       // optimizer=adam rate=0.0231
///
/// A valid space is a directed acyclic graph, and every parameter in it is active for some assignment. The activity of
/// a parameter is a conjunction of tests, each about one other parameter; much here rests on that.
public struct SearchSpace: Sendable, Hashable {
    /// In the order of their declaration.
    public let parameters: [Parameter]

    /// The conditions between the values of an assignment, all of which must hold.
    public let constraints: [Constraint]

    /// Every parameter's position, parents before the parameters that depend on them, otherwise as declared.
    let samplingOrder: [Int]

    /// The conditions of each parameter, resolved to positions.
    let conditions: [[ResolvedCondition]]

    /// By name, the index in `parameters`.
    private let positions: [String: Int]

    /// The positions of the parameters that each constraint mentions, in the order of its `names`.
    private let constrained: [[Int]]
    /// By constraint: see `groundsOfConstraint(_:)`.
    private let grounds: [[Int]]

    /// An assignment that satisfies the constraints; nil if the space has no constraints.
    private(set) var witness: Assignment?

    /// A space with constraints is searched for an assignment that satisfies them: see
    /// ``ConstrainedPrior/search()``.
    ///
    /// - Throws: everything that is wrong with these parameters, in the order of their declaration; if nothing is,
    ///   `infeasible` if no assignment satisfies the constraints, or none could be found.
    public init(_ parameters: [Parameter], constraints: [Constraint] = []) throws(SearchSpaceError) {
        var validation = SpaceValidation(parameters)
        validation.run()
        if !validation.problems.isEmpty { throw SearchSpaceError(problems: validation.problems) }
        self.parameters = parameters
        samplingOrder = validation.samplingOrder
        conditions = validation.conditions
        positions = validation.positions
        self.constraints = constraints
        let positions = validation.positions
        constrained = constraints.map { constraint in
            constraint.names.map { name in
                guard let position = positions[name] else {
                    preconditionFailure("the constraint \(constraint) is over other parameters: \(name)")
                }
                return position
            }
        }
        let conditions = validation.conditions
        grounds = constrained.map { positions in
            var grounds = positions
            var next = 0
            while next < grounds.count {
                for parent in conditions[grounds[next]].map(\.parent) where !grounds.contains(parent) {
                    grounds.append(parent)
                }
                next += 1
            }
            return grounds
        }
        if !constraints.isEmpty { witness = try findWitness() }
    }

    /// The parameter of that name; nil if there is none.
    public subscript(name: String) -> Parameter? { position(of: name).map { parameters[$0] } }

    /// The index of a parameter in `parameters`; nil if there is none of that name.
    func position(of name: String) -> Int? { positions[name] }

    /// Whether there are finitely many assignments.
    public var isDiscrete: Bool { parameters.allSatisfy(\.distribution.isDiscrete) }

    /// Whether the parameter exists in an assignment; false for a name the space does not know.
    public func isActive(_ name: String, in assignment: Assignment) -> Bool {
        guard let parameter = self[name] else { return false }
        return parameter.conditions.allSatisfy { condition in
            assignment[condition.parameter].map(condition.test.holds(for:)) ?? false
        }
    }

    /// Whether the assignment satisfies all constraints. A sampler must not propose one that does not.
    public func isFeasible(_ assignment: Assignment) -> Bool {
        constraints.isEmpty || violatedConstraint(by: values(of: assignment)) == nil
    }

    /// The first constraint that is violated by the given values, by position; nil stands for an inactive parameter.
    func violatedConstraint(by values: [ParameterValue?]) -> Constraint? {
        zip(constraints, constrained).first { constraint, positions in
            constraint.violation { values[positions[$0]] } > 0
        }?.0
    }

    /// How far an assignment is from satisfying the constraints: the sum of what they violate, 0 if it is feasible.
    func violation(of assignment: Assignment) -> Double {
        let values = values(of: assignment)
        return zip(constraints, constrained).reduce(0) { sum, constraint in
            sum + constraint.0.violation { values[constraint.1[$0]] }
        }
    }

    /// The values of an assignment by position; nil for an inactive parameter.
    func values(of assignment: Assignment) -> [ParameterValue?] {
        var values = [ParameterValue?](repeating: nil, count: parameters.count)
        var next = 0
        for (name, value) in zip(assignment.names, assignment.values) {
            // Both are in the order of declaration, unless the assignment is one of another space.
            while next < parameters.count, parameters[next].name != name { next += 1 }
            guard let position = next < parameters.count ? next : position(of: name) else {
                next = 0
                continue
            }
            values[position] = value
            next = position + 1
        }
        return values
    }

    /// Whether values by position decidedly violate a constraint.
    func isViolated(constraint index: Int, by values: [ParameterValue?]) -> Bool {
        constraints[index].violation { values[constrained[index][$0]] } > 0
    }

    /// The positions of the parameters that a constraint mentions.
    func positions(inConstraint index: Int) -> [Int] { constrained[index] }

    /// The positions of the parameters that decide what a constraint says: those it mentions, and those on which
    /// depends whether these are active.
    func groundsOfConstraint(_ index: Int) -> [Int] { grounds[index] }

    /// The assignment of the values that `choose` returns: it is called with the position of every active parameter,
    /// parents before the parameters that depend on them.
    func assignment(choosing choose: (Int) -> ParameterValue) -> Assignment {
        assignment(ofValues: values(choosing: choose))
    }

    /// As `assignment(choosing:)`: the values by position, nil for an inactive parameter.
    func values(choosing choose: (Int) -> ParameterValue) -> [ParameterValue?] {
        var chosen = [ParameterValue?](repeating: nil, count: parameters.count)
        for position in samplingOrder {
            let isActive = conditions[position].allSatisfy { condition in
                chosen[condition.parent].map(condition.test.holds(for:)) ?? false
            }
            if isActive { chosen[position] = choose(position) }
        }
        return chosen
    }

    /// The assignment of values by position, nil for an inactive parameter.
    func assignment(ofValues chosen: [ParameterValue?]) -> Assignment {
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
    /// The index of the parameter that the condition is about.
    var parent: Int
    var test: Condition.Test
}
