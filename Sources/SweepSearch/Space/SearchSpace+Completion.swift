import RandomStreams

extension SearchSpace {
    /// The first reason why this is not an assignment of this space; nil if it is one.
    ///
    /// In an assignment every active parameter has a legal value, no other has one, and the constraints hold.
    /// Values must have exactly the form of their distributions: the integer 1 is illegal for a range of real numbers.
    public func problem(with assignment: Assignment) -> AssignmentProblem? {
        if let name = assignment.names.first(where: { position(of: $0) == nil }) { return .unknownParameter(name) }
        for parameter in parameters {
            let failing = parameter.conditions.first { condition in
                !(assignment[condition.parameter].map(condition.test.holds(for:)) ?? false)
            }
            switch (assignment[parameter.name], failing) {
            case (let value?, nil):
                if parameter.distribution.contains(value) { continue }
                return .illegalValue(parameter: parameter.name, value, parameter.distribution)
            case (_?, let condition?): return .inactive(parameter: parameter.name, condition)
            case (nil, nil): return .missing(parameter: parameter.name)
            case (nil, _?): continue
            }
        }
        return violatedConstraint(by: values(of: assignment)).map { .violates($0) }
    }

    /// All reasons why these values cannot be completed to an assignment, in the order of declaration; empty if they
    /// can.
    ///
    ///     // momentum exists when optimizer = sgd
    ///     space.problems(withPartial: ["momentum": 0.9])                      // []: the optimizer will be sgd
    ///     space.problems(withPartial: ["momentum": 0.9, "optimizer": "adam"]) // [.inactive(parameter: "momentum", …)]
    public func problems(withPartial partial: [String: ParameterValue]) -> [AssignmentProblem] {
        var problems = partial.keys.filter { position(of: $0) == nil }.sorted().map(AssignmentProblem.unknownParameter)
        for parameter in parameters {
            guard let value = partial[parameter.name] else { continue }
            if parameter.distribution.legalForm(of: value) == nil {
                problems.append(.illegalValue(parameter: parameter.name, value, parameter.distribution))
            }
        }
        let given = parameters.indices.filter { partial[parameters[$0].name] != nil }
        for child in given {
            for (position, tests) in requirements(of: [child], in: conditions) {
                guard let value = partial[parameters[position].name] else { continue }
                for test in tests where !test.holds(for: value) {
                    let condition = Condition(parameters[position].name, test)
                    problems.append(.inactive(parameter: parameters[child].name, condition))
                }
            }
        }
        for (position, tests) in requirements(of: given, in: conditions) {
            let parent = parameters[position]
            if partial[parent.name] == nil, parent.distribution.restricted(to: tests) == nil {
                problems.append(.contradiction(tests.map { Condition(parent.name, $0) }))
            }
        }
        if problems.isEmpty, let problem = constraintProblem(withPartial: partial) { problems.append(problem) }
        return problems
    }

    /// Whether the constraints exclude every completion, as far as a search can tell.
    private func constraintProblem(withPartial partial: [String: ParameterValue]) -> AssignmentProblem? {
        if constraints.isEmpty { return nil }
        let given = parameters.map { parameter in
            partial[parameter.name].flatMap(parameter.distribution.legalForm(of:))
        }
        if let constraint = violatedConstraint(by: given) { return .violates(constraint) }
        return switch prior(given: partial).search() {
        case .found: nil
        case .none(let outcome): .noFeasibleCompletion(outcome)
        }
    }

    /// Completes the given values to an assignment: the other parameters are drawn from their distributions,
    /// conditional on the constraints.
    ///
    /// A parameter that the given ones depend on is drawn among the values under which they are all active. A value may
    /// have another form than that of the distribution: `1` for 1.0.
    ///
    ///     try space.complete(["optimizer": "adam"], using: &random)       // optimizer=adam rate=0.0231
    ///
    /// - Throws: all of ``problems(withPartial:)`` if there are any.
    public func complete(
        _ partial: [String: ParameterValue], using random: inout RandomStream
    ) throws(AssignmentError) -> Assignment {
        let problems = problems(withPartial: partial)
        if !problems.isEmpty { throw AssignmentError(problems: problems) }
        return prior(given: partial).sample(using: &random)
    }

    /// The joint distribution of the completions.
    ///
    /// - Precondition: the values have no problem but, perhaps, with the constraints.
    private func prior(given partial: [String: ParameterValue]) -> ConstrainedPrior {
        var distributions = parameters.map(\.distribution)
        let given = parameters.indices.filter { partial[parameters[$0].name] != nil }
        for (position, tests) in requirements(of: given, in: conditions) {
            if let restricted = distributions[position].restricted(to: tests) { distributions[position] = restricted }
        }
        for position in given {
            let value = partial[parameters[position].name].flatMap(parameters[position].distribution.legalForm(of:))
            if let value { distributions[position] = .constant(value) }
        }
        return ConstrainedPrior(space: self, distributions: distributions)
    }
}
