extension SearchSpace {
    /// Converts the values of a trial of another space, mostly an earlier version of this one, to an assignment of this
    /// space: each value in its legal form, and new active parameters with their defaults.
    ///
    ///     // The sweep had rate alone; momentum, from 0 to 0.99, was added with the default 0.
    ///     try space.adopting(["rate": 1])         // rate=1.0 momentum=0.0
    ///
    /// So trials that ran before the space was widened still count for the search.
    ///
    /// - Throws: all reasons why that is impossible.
    public func adopting(_ values: [String: ParameterValue]) throws(AssignmentError) -> Assignment {
        var problems = values.keys.filter { position(of: $0) == nil }.sorted().map(AssignmentProblem.unknownParameter)
        var adopted: [String: ParameterValue] = [:]
        for position in samplingOrder {
            let parameter = parameters[position]
            let failing = parameter.conditions.first { condition in
                !(adopted[condition.parameter].map(condition.test.holds(for:)) ?? false)
            }
            switch (values[parameter.name], failing) {
            case (let value?, nil):
                let legal = parameter.distribution.legalForm(of: value)
                if legal == nil {
                    problems.append(.illegalValue(parameter: parameter.name, value, parameter.distribution))
                }
                // What depends on it is judged by what it is, legal or not.
                adopted[parameter.name] = legal ?? value
            case (_?, let condition?): problems.append(.inactive(parameter: parameter.name, condition))
            case (nil, nil):
                // What can have one value only has that one.
                adopted[parameter.name] = parameter.defaultValue ?? parameter.distribution.onlyValue
                if adopted[parameter.name] == nil { problems.append(.missing(parameter: parameter.name)) }
            case (nil, _?): continue
            }
        }
        let assignment = Assignment(adopted, in: self)
        if problems.isEmpty, let constraint = violatedConstraint(by: self.values(of: assignment)) {
            problems.append(.violates(constraint))
        }
        if !problems.isEmpty { throw AssignmentError(problems: problems) }
        return assignment
    }

    /// What of the values of a trial of another space means something in this one: each value in its legal form,
    /// without those of parameters that are not active here or do not exist, and with the defaults of new ones.
    ///
    ///     // Here there is no momentum, and a batch from 8 to 64.
    ///     try space.overlap(with: ["rate": 1, "momentum": 0.9])       // ["rate": 1.0]
    ///
    /// Unlike what ``adopting(_:)`` gives it may be incomplete, and is not checked against the constraints.
    ///
    /// - Throws: the reasons if a value is not legal.
    package func overlap(with values: [String: ParameterValue]) throws(AssignmentError) -> [String: ParameterValue] {
        var problems: [AssignmentProblem] = []
        var known: [String: ParameterValue] = [:]
        var hasAny = false
        for position in samplingOrder {
            let parameter = parameters[position]
            // Where a parent is unknown, its child may be active.
            let isActive = parameter.conditions.allSatisfy { condition in
                known[condition.parameter].map(condition.test.holds(for:)) ?? (values[parameter.name] != nil)
            }
            guard isActive else { continue }
            if let value = values[parameter.name] {
                hasAny = true
                known[parameter.name] = parameter.distribution.legalForm(of: value)
                if known[parameter.name] == nil {
                    problems.append(.illegalValue(parameter: parameter.name, value, parameter.distribution))
                }
            } else {
                known[parameter.name] = parameter.defaultValue
            }
        }
        if !problems.isEmpty { throw AssignmentError(problems: problems) }
        return hasAny ? known : [:]
    }
}
