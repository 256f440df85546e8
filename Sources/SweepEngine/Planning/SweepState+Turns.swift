/// All turns by their index, without those at the beginning that will not be asked for any more: what a long sweep
/// keeps does not grow with it.
struct TurnLog: Sendable {
    private var kept: [SweepState.Turn] = []
    private var forgotten = 0
    /// Turns are forgotten in pieces of this size: to remove one element from the front of an array moves all the
    /// others.
    private static let atOnce = 1000

    var count: Int { forgotten + kept.count }

    subscript(index: Int) -> SweepState.Turn {
        get { kept[index - forgotten] }
        set { kept[index - forgotten] = newValue }
    }

    mutating func append(_ turn: SweepState.Turn) { kept.append(turn) }

    mutating func forget(before index: Int) {
        guard index - forgotten >= Self.atOnce else { return }
        kept.removeFirst(index - forgotten)
        forgotten = index
    }
}
