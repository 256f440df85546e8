/// The way from one assignment to another, one parameter at a time.
public struct AblationPath: Sendable, Hashable {
    /// One parameter that takes the value that it has at the end.
    public struct Step: Sendable, Hashable {
        public var parameter: String
        /// Its value just before the step, and the one that it has at the end.
        public var from: ParameterValue
        public var to: ParameterValue
        /// Parameters that come, go or follow with it, as conditions have it.
        public var following: [String]
        /// All values after the step.
        public var assignment: Assignment
        /// Whether a sweep could run it: on the way a constraint may be violated.
        public var isFeasible: Bool
        /// What the model expects after the step; lower is better.
        public var value: Estimate
        /// By how much the step is expected to lower the value.
        public var gain: Estimate
    }

    public var start: Assignment
    /// What the model expects at the start.
    public var startValue: Estimate
    /// In the order in which they are taken; empty if the parameters that are active at both ends have the same
    /// values there.
    public var steps: [Step]
}

extension SurrogateModel {
    /// Which parameters are to thank for the way from one assignment to a better one: of those that differ, the one of
    /// which the model expects most changes first, then of the rest again the one of which it expects most.
    ///
    ///     start       optimizer=sgd rate=0.1 momentum=0.9
    ///     end         optimizer=adam rate=0.001
    ///     path        rate to 0.001; optimizer to adam, which takes momentum away
    ///
    /// What depends on a parameter goes with it: a parameter that becomes active takes the value it has at the end. So
    /// every step is an assignment of the space, if constraints allow it.
    ///
    /// Source: Biedenkapp, Lindauer, Eggensperger, Hutter, Fawcett and Hoos 2017, "Efficient Parameter Importance
    /// Analysis via Ablation with Surrogates"; the interval is that of functions drawn from the process.
    public func path(from start: Assignment, to end: Assignment) -> AblationPath {
        var current = start
        var steps: [AblationPath.Step] = []
        while true {
            let differing = space.parameters.filter { parameter in
                guard let here = current[parameter.name], let there = end[parameter.name] else { return false }
                return here != there
            }
            if differing.isEmpty || steps.count >= space.parameters.count { break }
            let candidates = differing.map { moved(current, toward: end, changing: $0.name) }
            let means = fit.process.posteriors(at: points(of: candidates)).map(\.mean)
            let feasible = candidates.map { space.isFeasible($0) }
            // Those that a sweep could run come first; of equal ones the one that is declared first.
            let order = candidates.indices.sorted { one, other in
                (feasible[one] ? 0 : 1, means[one], one) < (feasible[other] ? 0 : 1, means[other], other)
            }
            guard let best = order.first, let from = current[differing[best].name],
                let to = end[differing[best].name]
            else { break }
            let name = differing[best].name
            let next = candidates[best]
            let following = space.parameters.map(\.name).filter { $0 != name && current[$0] != next[$0] }
            steps.append(
                .init(
                    parameter: name, from: from, to: to, following: following, assignment: next,
                    isFeasible: feasible[best], value: Estimate(mean: 0, low: 0, high: 0),
                    gain: Estimate(mean: 0, low: 0, high: 0)))
            current = next
        }
        let draws = draws(at: points(of: [start] + steps.map(\.assignment)))
        for index in steps.indices {
            steps[index].value = Estimate(of: draws.map { $0[index + 1] })
            steps[index].gain = Estimate(of: draws.map { $0[index] - $0[index + 1] })
        }
        return AblationPath(start: start, startValue: Estimate(of: draws.map { $0[0] }), steps: steps)
    }

    /// The assignment with one parameter as it is at the end, and with what this activates as it is there.
    private func moved(_ current: Assignment, toward end: Assignment, changing name: String) -> Assignment {
        space.assignment { position in
            let parameter = space.parameters[position]
            if parameter.name == name, let value = end[name] { return value }
            // What is active neither here nor there gets its middle.
            return current[parameter.name] ?? end[parameter.name] ?? parameter.distribution.value(atQuantile: 0.5)
        }
    }
}
