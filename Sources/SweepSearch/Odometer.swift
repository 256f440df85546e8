import RandomStreams

/// Counts through the assignments of a discrete space that a sampler may propose, each once; the last of the parameters
/// that are active turns fastest. Constraints are not looked at.
struct Odometer {
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

    /// Counts from each parameter's first value.
    ///
    /// - Parameter values: of each parameter, by position.
    init(_ space: SearchSpace, _ values: [DiscreteValues]) {
        self.init(space, wheels: values.map { Wheel(values: $0, start: 0) })
    }

    /// Counts from a random assignment; the distributions are discrete.
    init(
        _ space: SearchSpace, _ distributions: [Distribution], startingAnywhereUsing random: inout RandomStream
    ) {
        let wheels = distributions.map { distribution in
            guard let values = distribution.proposable else {
                preconditionFailure("only a discrete space can be counted through")
            }
            let last = values.lastIndex
            return Wheel(values: values, start: last == .max ? random.next() : random.integer(below: last + 1))
        }
        self.init(space, wheels: wheels)
    }

    private init(_ space: SearchSpace, wheels: [Wheel]) {
        self.space = space
        self.wheels = wheels
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
