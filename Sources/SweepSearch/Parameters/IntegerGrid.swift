import RandomStreams

/// The integers min, min + step, … ≤ max, by index. No operation overflows, whatever the bounds.
///
///     let grid = IntegerGrid(min: 8, max: 64, step: 8)
///     grid[2]                                         // 24
///     grid.index(of: 32)                              // 3
struct IntegerGrid: Sendable {
    let min: Int
    let step: Int
    let lastIndex: UInt64

    /// - Precondition: `min ≤ max` and `step ≥ 1`.
    init(min: Int, max: Int, step: Int) {
        precondition(min <= max && step >= 1, "a grid needs min ≤ max and a positive step")
        self.min = min
        self.step = step
        // The distance of two Ints fits 64 bits without a sign, so wrapping arithmetic is exact.
        lastIndex = UInt64(UInt(bitPattern: max &- min)) / UInt64(step)
    }

    /// The number of integers, rounded where it exceeds 2⁵³.
    var count: Double { Double(lastIndex) + 1 }

    /// - Precondition: the index is at most `lastIndex`.
    subscript(index: UInt64) -> Int {
        precondition(index <= lastIndex, "index \(index) is beyond the grid's last, \(lastIndex)")
        return min &+ Int(truncatingIfNeeded: index &* UInt64(step))
    }

    /// The index of an integer; nil if it is not in the grid.
    func index(of value: Int) -> UInt64? {
        guard value >= min else { return nil }
        let distance = UInt64(UInt(bitPattern: value &- min))
        let (index, remainder) = distance.quotientAndRemainder(dividingBy: UInt64(step))
        return remainder == 0 && index <= lastIndex ? index : nil
    }

    /// A real-valued index, rounded down and clamped to the grid.
    func index(clamping position: Double) -> UInt64 {
        if !(position > 0) { return 0 }
        // Double(lastIndex) may have been rounded up, but every smaller Double is at most lastIndex.
        return position >= Double(lastIndex) ? lastIndex : UInt64(position)
    }

    /// An index, all of them equally likely.
    func randomIndex(using random: inout RandomStream) -> UInt64 {
        lastIndex == .max ? random.next() : random.integer(below: lastIndex + 1)
    }
}

extension IntegerGrid {
    /// The first index whose integer satisfies a predicate that, once true, stays true; nil if none does.
    func firstIndex(where predicate: (Int) -> Bool) -> UInt64? {
        guard predicate(self[lastIndex]) else { return nil }
        var low: UInt64 = 0
        var high = lastIndex
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
