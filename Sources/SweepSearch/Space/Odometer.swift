import RandomStreams

/// Enumerates the assignments of a discrete space that a sampler may propose, each once, like the wheels of an
/// odometer: the last active parameter turns fastest. Constraints are checked only by ``advanceToFeasible(_:looks:)``.
///
///     var odometer = Odometer(space, values)
///     repeat { print(odometer.current) } while odometer.advance()
///
/// For an optimizer, sgd or adam, and a momentum of 0.0 or 0.9 when it is sgd, that prints
///
///     optimizer=sgd momentum=0.0
///     optimizer=sgd momentum=0.9
///     optimizer=adam
struct Odometer: Sendable {
    /// The values of one parameter, and how far the wheel has turned since its start.
    private struct Wheel {
        let values: DiscreteValues
        let start: UInt64
        var turns: UInt64 = 0
        /// Whether constraints have excluded every value since the start, whatever the later wheels show; and the
        /// parameters that those constraints depend on.
        var isBlocked = true
        var culprits: [Int] = []

        /// Back to the start, with nothing known about constraints.
        mutating func reset() {
            turns = 0
            isBlocked = true
            culprits = []
        }

        /// Adds parameters that have excluded a value of this one.
        mutating func blame(_ others: [Int]) {
            for other in others where !culprits.contains(other) { culprits.append(other) }
        }

        /// The value that the wheel shows: it runs from `start` to the last and goes on with the first.
        var value: ParameterValue {
            let last = values.lastIndex
            return values[turns <= last - start ? start + turns : turns - (last - start) - 1]
        }
    }

    private let space: SearchSpace
    private var wheels: [Wheel]
    /// The current values, by position; nil for an inactive parameter.
    private(set) var values: [ParameterValue?]
    /// The wheels of the active parameters, parents first. Those of inactive parameters rest at 0.
    private var active: [Int]

    /// Starts at the first value of every parameter.
    ///
    /// - Parameter values: of each parameter, by position.
    init(_ space: SearchSpace, _ values: [DiscreteValues]) {
        self.init(space, wheels: values.map { Wheel(values: $0, start: 0) })
    }

    /// Starts at a random assignment.
    ///
    /// - Precondition: all distributions are discrete.
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
        (values, active) = ([], [])
        read()
    }

    /// The assignment that the wheels show now.
    var current: Assignment { space.assignment(ofValues: values) }

    /// Moves on to the next assignment; false if there is none.
    mutating func advance() -> Bool {
        while let wheel = active.popLast() {
            if wheels[wheel].turns < wheels[wheel].values.lastIndex {
                wheels[wheel].turns += 1
                // Parameters that this value activates start at their first value, as all later ones do.
                read()
                return true
            }
            wheels[wheel].reset()
        }
        return false
    }

    /// Moves on to the next assignment that satisfies the constraints, unless the current one does; false if there is
    /// none.
    ///
    /// A constraint stays violated until a parameter changes that it depends on, so only those wheels are turned. If
    /// all values of a parameter are excluded, the next wheel to turn is the last of those that the exclusions depend
    /// on (conflict-directed backjumping, Prosser 1993).
    ///
    /// - Parameters:
    ///   - constraints: the indices of those that are checked.
    ///   - looks: how many assignments may still be checked; reduced by the number that were.
    /// - Returns: nil if `looks` was used up, or the request withdrawn, before the answer was found; the next call goes
    ///   on.
    mutating func advanceToFeasible(_ constraints: some Sequence<Int>, looks: inout Int) -> Bool? {
        while looks > 0, !SuggestionRequest.isWithdrawn() {
            looks -= 1
            guard let (place, culprits) = conflict(constraints) else {
                for wheel in active { wheels[wheel].isBlocked = false }
                return true
            }
            guard place >= 0 else { return false }
            wheels[active[place]].blame(culprits)
            if !turn(place) { return false }
        }
        return nil
    }

    /// Of the violated constraints, the one that allows the longest jump: the place among the active wheels of the last
    /// one that it depends on, or -1 if there is none, and all parameters that it depends on.
    private func conflict(_ constraints: some Sequence<Int>) -> (place: Int, culprits: [Int])? {
        var conflict: (place: Int, culprits: [Int])?
        for index in constraints where space.isViolated(constraint: index, by: values) {
            let culprits = space.groundsOfConstraint(index)
            let place = active.lastIndex(where: culprits.contains) ?? -1
            if place < conflict?.place ?? .max { conflict = (place, culprits) }
        }
        return conflict
    }

    /// Turns the active wheel at that place, or, if its values are used up, the last one that could make a difference.
    private mutating func turn(_ place: Int) -> Bool {
        var place = place
        while place >= 0 {
            for wheel in active[(place + 1)...] { wheels[wheel].reset() }
            active.removeSubrange((place + 1)...)
            let wheel = active[place]
            if wheels[wheel].turns < wheels[wheel].values.lastIndex {
                wheels[wheel].turns += 1
                read()
                return true
            }
            guard wheels[wheel].isBlocked else {
                place -= 1
                continue
            }
            let culprits = wheels[wheel].culprits.filter { $0 != wheel }
            place = active[..<place].lastIndex(where: culprits.contains) ?? -1
            if place >= 0 { wheels[active[place]].blame(culprits) }
        }
        return false
    }

    /// Reads the values off the wheels: which parameters are active depends on what their parents show.
    private mutating func read() {
        active = []
        values = space.values { position in
            active.append(position)
            return wheels[position].value
        }
    }
}
