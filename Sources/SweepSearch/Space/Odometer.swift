import RandomStreams

/// Counts through the assignments of a discrete space that a sampler may propose, each once; the last of the parameters
/// that are active turns fastest. Constraints are looked at only where that is asked for.
struct Odometer: Sendable {
    /// What one wheel shows: how far it has turned from where it started.
    private struct Wheel {
        let values: DiscreteValues
        let start: UInt64
        var turns: UInt64 = 0
        /// Whether constraints exclude every value that was shown since it stood at its start, whatever the wheels
        /// behind it show; and the parameters that had a part in that.
        var isBlocked = true
        var culprits: [Int] = []

        mutating func reset() {
            turns = 0
            isBlocked = true
            culprits = []
        }

        mutating func blame(_ others: [Int]) {
            for other in others where !culprits.contains(other) { culprits.append(other) }
        }

        var value: ParameterValue {
            let last = values.lastIndex
            return values[turns <= last - start ? start + turns : turns - (last - start) - 1]
        }
    }

    private let space: SearchSpace
    private var wheels: [Wheel]
    /// What is shown, by position; nil for an inactive parameter.
    private(set) var values: [ParameterValue?]
    /// The wheels that are shown, parents first. Those of inactive parameters rest at 0.
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
        (values, active) = ([], [])
        read()
    }

    var current: Assignment { space.assignment(ofValues: values) }

    /// Moves on to the next assignment; false if all have been shown.
    mutating func advance() -> Bool {
        while let wheel = active.popLast() {
            if wheels[wheel].turns < wheels[wheel].values.lastIndex {
                wheels[wheel].turns += 1
                // What this wheel turned off or on starts afresh, as everything behind it does.
                read()
                return true
            }
            wheels[wheel].reset()
        }
        return false
    }

    /// Moves on to the next assignment that satisfies the constraints, unless the one that is shown does; false if
    /// there is none.
    ///
    /// What violates a constraint goes on to do so until one of the parameters changes that the constraint mentions. So
    /// the others are not turned; and where every value of a parameter was excluded, the next to turn is the last of
    /// those that had a part in that (Prosser 1993, conflict-directed backjumping).
    ///
    /// - Parameters:
    ///   - constraints: the ones that count, by index.
    ///   - looks: how many assignments may still be looked at; nothing is decided if that comes down to 0.
    /// - Returns: nil if nothing is decided yet; the next call goes on.
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

    /// Of the constraints that are violated, the one that lets skip most: the place among the active wheels of the last
    /// that it rests on, -1 if it rests on none, and all that it rests on.
    private func conflict(_ constraints: some Sequence<Int>) -> (place: Int, culprits: [Int])? {
        var conflict: (place: Int, culprits: [Int])?
        for index in constraints where space.isViolated(constraint: index, by: values) {
            let culprits = space.groundsOfConstraint(index)
            let place = active.lastIndex(where: culprits.contains) ?? -1
            if place < conflict?.place ?? .max { conflict = (place, culprits) }
        }
        return conflict
    }

    /// Turns the active wheel at that place, or where it has shown all, the one that has to turn for a difference.
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

    private mutating func read() {
        active = []
        values = space.values { position in
            active.append(position)
            return wheels[position].value
        }
    }
}
