/// The set of all assignments that have run or are pending, whatever their outcome.
///
///     let tried = TriedAssignments(observations, pending)
///     tried.contains(draw)
///
/// It is made anew for each suggestion, from a history that may be long. So it is a hash table of row numbers with
/// linear probing, into which a row can be put without building its assignment.
struct TriedAssignments {
    private let observations: Observations
    private let pending: Set<Assignment>
    private let fingerprints: [UInt64]
    /// By fingerprint, the rows, from 1; 0 where the place is free, as at least half of the places are.
    private let places: [UInt32]

    /// - Complexity: O(rows · columns), once; a test of membership then takes the same time however long the history
    ///   is.
    init(_ observations: Observations, _ pending: [Assignment]) {
        self.observations = observations
        self.pending = Set(pending)
        let fingerprints = observations.fingerprints()
        var size = 2
        while size < 2 * fingerprints.count { size *= 2 }
        var places = [UInt32](repeating: 0, count: size)
        for row in fingerprints.indices {
            var place = Self.first(fingerprints[row], of: size)
            while places[place] > 0 {
                let other = Int(places[place]) - 1
                // Nothing is lost if it is there already.
                if fingerprints[other] == fingerprints[row],
                    observations.assignment(ofRow: other) == observations.assignment(ofRow: row)
                {
                    break
                }
                place = (place + 1) % size
            }
            if places[place] == 0 { places[place] = UInt32(row + 1) }
        }
        (self.fingerprints, self.places) = (fingerprints, places)
    }

    func contains(_ assignment: Assignment) -> Bool {
        if pending.contains(assignment) { return true }
        guard let fingerprint = observations.fingerprint(of: assignment) else { return false }
        var place = Self.first(fingerprint, of: places.count)
        while places[place] > 0 {
            let row = Int(places[place]) - 1
            if fingerprints[row] == fingerprint, observations.assignment(ofRow: row) == assignment { return true }
            place = (place + 1) % places.count
        }
        return false
    }

    /// The place where a search begins; `size` is a power of two.
    private static func first(_ fingerprint: UInt64, of size: Int) -> Int {
        Int(truncatingIfNeeded: fingerprint & UInt64(size - 1))
    }
}
