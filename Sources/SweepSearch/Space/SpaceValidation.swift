/// Finds everything that is wrong with a list of parameters, and the order in which to sample them if nothing is.
///
///     var validation = SpaceValidation(parameters)
///     validation.run()
///     validation.problems             // empty for a valid space; only then do the other results mean anything
struct SpaceValidation {
    private let parameters: [Parameter]
    /// By name, the position of the first parameter of that name.
    private(set) var positions = [String: Int]()
    /// By position, the conditions whose parents exist.
    private(set) var conditions = [[ResolvedCondition]]()
    /// All positions, parents first.
    private(set) var samplingOrder = [Int]()
    private(set) var problems = [SearchSpaceProblem]()

    init(_ parameters: [Parameter]) {
        self.parameters = parameters
    }

    /// Fills in all results. It goes on after a problem as long as what follows still makes sense.
    mutating func run() {
        var isBroken = [Bool](repeating: false, count: parameters.count)
        for (position, parameter) in parameters.enumerated() {
            if positions[parameter.name] == nil {
                positions[parameter.name] = position
            } else {
                problems.append(.duplicateName(parameter.name))
            }
            if let problem = parameter.distribution.problem() {
                problems.append(.distribution(parameter: parameter.name, problem))
                isBroken[position] = true
            }
        }
        resolveConditions(isBroken: isBroken)
        sortParentsFirst()
        // With cycles or duplicate names it is not defined which conditions are inherited.
        if problems.isEmpty { checkInheritedConditions() }
    }

    /// Finds the parents of all conditions, and conditions that no value of their parent passes.
    ///
    /// - Parameter isBroken: by position, whether the distribution is not legal, and so says nothing about conditions.
    private mutating func resolveConditions(isBroken: [Bool]) {
        for parameter in parameters {
            var resolved = [ResolvedCondition]()
            for condition in parameter.conditions {
                guard let parent = positions[condition.parameter] else {
                    problems.append(.unknownParent(parameter: parameter.name, parent: condition.parameter))
                    continue
                }
                resolved.append(ResolvedCondition(parent: parent, test: condition.test))
                if !isBroken[parent], parameters[parent].distribution.restricted(to: [condition.test]) == nil {
                    problems.append(.conditionNeverHolds(parameter: parameter.name, condition))
                }
            }
            conditions.append(resolved)
        }
    }

    /// Depth first with a path of its own instead of recursion, so that a long chain cannot exhaust the stack.
    private mutating func sortParentsFirst() {
        enum Mark { case new, onPath, done }
        var marks = [Mark](repeating: .new, count: parameters.count)
        for start in parameters.indices where marks[start] == .new {
            var path = [(position: start, nextCondition: 0)]
            marks[start] = .onPath
            while let (position, next) = path.last {
                guard next < conditions[position].count else {
                    marks[position] = .done
                    samplingOrder.append(position)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].nextCondition += 1
                let parent = conditions[position][next].parent
                switch marks[parent] {
                case .new:
                    marks[parent] = .onPath
                    path.append((parent, 0))
                case .onPath:
                    let cycle = path.drop { $0.position != parent }.map { parameters[$0.position].name }
                    if !problems.contains(.cycle(cycle)) { problems.append(.cycle(cycle)) }
                case .done: break
                }
            }
        }
    }

    /// Each condition can hold alone; what is left to find is two on the same ancestor that cannot hold together.
    private mutating func checkInheritedConditions() {
        var isNeverActive = [Bool](repeating: false, count: parameters.count)
        for position in samplingOrder where !conditions[position].isEmpty {
            if conditions[position].contains(where: { isNeverActive[$0.parent] }) {
                // The ancestor is the one to mend.
                isNeverActive[position] = true
                continue
            }
            for (ancestor, tests) in requirements(of: [position], in: conditions) where tests.count > 1 {
                guard parameters[ancestor].distribution.restricted(to: tests) == nil else { continue }
                isNeverActive[position] = true
                let name = parameters[ancestor].name
                problems.append(
                    .neverActive(parameter: parameters[position].name, tests.map { Condition(name, $0) }))
            }
        }
    }
}

/// What must hold, and of which positions, for all of `children` to be active: the conditions of them and of all their
/// ancestors, each once, grouped by the parameter they are about.
///
///     // a when b > 1, b when c = x
///     requirements(of: [a], in: conditions)       // [(b, [> 1]), (c, [= x])], by position
func requirements(
    of children: [Int], in conditions: [[ResolvedCondition]]
) -> [(position: Int, tests: [Condition.Test])] {
    var tests = [Int: [Condition.Test]]()
    var seen = Set(children)
    var reached = children
    var next = 0
    while next < reached.count {
        for condition in conditions[reached[next]] {
            if tests[condition.parent]?.contains(condition.test) != true {
                tests[condition.parent, default: []].append(condition.test)
            }
            if seen.insert(condition.parent).inserted { reached.append(condition.parent) }
        }
        next += 1
    }
    return tests.keys.sorted().map { ($0, tests[$0] ?? []) }
}
