import RandomStreams

/// Every assignment that ran or runs, whatever became of it.
struct TriedAssignments {
    private let assignments: Set<Assignment>

    init(_ observations: [Observation], _ pending: [Assignment]) {
        assignments = Set(observations.lazy.map(\.assignment)).union(pending)
    }

    var count: Int { assignments.count }

    func contains(_ assignment: Assignment) -> Bool { assignments.contains(assignment) }
}

extension SearchSpace {
    /// Whether there are finitely many assignments.
    public var isDiscrete: Bool { parameters.allSatisfy(\.distribution.isDiscrete) }

    /// Draws an assignment from the distributions.
    func sample(using random: inout RandomStream) -> Assignment {
        assignment { parameters[$0].distribution.sample(using: &random) }
    }

    /// An assignment of a discrete space that was not tried, or nil if all were.
    ///
    /// Some draws come first, so that the choice follows the distributions while plenty is left. Then the assignments
    /// are counted through from a random start: at most `tried.count` of them have been tried, so that many steps and
    /// one decide, however large the space is.
    func untried(beside tried: TriedAssignments, using random: inout RandomStream) -> Assignment? {
        for _ in 0..<32 {
            let draw = sample(using: &random)
            if !tried.contains(draw) { return draw }
        }
        var odometer = Odometer(of: self, using: &random)
        repeat {
            let assignment = odometer.current
            if !tried.contains(assignment) { return assignment }
        } while odometer.advance()
        return nil
    }
}

/// Counts through all assignments of a discrete space that a sampler may propose, each once.
private struct Odometer {
    /// What one wheel shows: how far it has turned from where it started.
    private struct Wheel {
        let values: DiscreteValues
        let start: UInt64
        var turns: UInt64 = 0

        var value: ParameterValue {
            let last = values.lastIndex
            return values[turns <= last - start ? start + turns : turns - (last - start) - 1]
        }
    }

    private let space: SearchSpace
    private var wheels: [Wheel]
    private(set) var current: Assignment
    /// The wheels that `current` shows, parents first. Those of inactive parameters rest at 0.
    private var active: [Int]

    init(of space: SearchSpace, using random: inout RandomStream) {
        self.space = space
        wheels = space.parameters.map { parameter in
            guard let values = parameter.distribution.proposable else {
                preconditionFailure("only a discrete space can be counted through")
            }
            let last = values.lastIndex
            return Wheel(values: values, start: last == .max ? random.next() : random.integer(below: last + 1))
        }
        (current, active) = Self.read(wheels, space)
    }

    /// Moves on to the next assignment; false if all have been shown.
    mutating func advance() -> Bool {
        while let wheel = active.popLast() {
            if wheels[wheel].turns < wheels[wheel].values.lastIndex {
                wheels[wheel].turns += 1
                // What this wheel turned off or on starts afresh, as everything behind it does.
                (current, active) = Self.read(wheels, space)
                return true
            }
            wheels[wheel].turns = 0
        }
        return false
    }

    private static func read(_ wheels: [Wheel], _ space: SearchSpace) -> (Assignment, [Int]) {
        var active = [Int]()
        let assignment = space.assignment { position in
            active.append(position)
            return wheels[position].value
        }
        return (assignment, active)
    }
}
