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
}
