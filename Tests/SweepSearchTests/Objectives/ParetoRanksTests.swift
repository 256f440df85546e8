import RandomStreams
import SweepSearch
import Testing

@Suite struct ParetoRanksTests {
    /// Random vectors: of a few levels, so that there are ties and duplicates, or of very many; every second history
    /// has bounds.
    private static func vectors(_ count: Int, objectives: Int, seed: UInt64) -> [ObjectiveVector] {
        var random = RandomStream(seed: seed, stream: 41)
        let levels: [UInt64] = [2, 5, 1 << 40]
        return (0..<count).map { _ in
            let values = (0..<objectives).map { _ in Double(random.integer(below: levels[Int(seed % 3)])) }
            // Of -1, -½, 0 and ½: sums of them are exact.
            let excesses = (0..<(seed % 2 == 0 ? 0 : 2)).map { _ in Double(random.integer(below: 4)) / 2 - 1 }
            return ObjectiveVector(values: values, excesses: excesses)
        }
    }

    /// Whether the first dominates the second, word by word: it exceeds the bounds less; or both keep them, and it is
    /// nowhere worse and somewhere better.
    private static func isBetter(_ one: ObjectiveVector, than other: ObjectiveVector) -> Bool {
        let violations = [one, other].map { $0.excesses.filter { $0 > 0 }.reduce(0, +) }
        if violations[0] != violations[1] { return violations[0] < violations[1] }
        let pairs = Array(zip(one.values, other.values))
        return violations[0] == 0 && pairs.allSatisfy { $0 <= $1 } && pairs.contains { $0 < $1 }
    }

    @Test(arguments: 1...4, 0..<6)
    func `one dominates another that is nowhere better and somewhere worse`(objectives: Int, seed: UInt64) {
        let vectors = Self.vectors(30, objectives: objectives, seed: seed)
        for one in vectors {
            let wrong = vectors.filter { one.dominates($0) != Self.isBetter(one, than: $0) }
            #expect(wrong.isEmpty && !one.dominates(one), "\(one)")
            #expect(one.isFeasible == (one.violation == 0))
        }
    }

    @Test(arguments: 1...4, 0..<12)
    func `a rank is how many fronts have to be taken away before nothing dominates the trial`(
        objectives: Int, seed: UInt64
    ) {
        let vectors = Self.vectors(60, objectives: objectives, seed: seed)
        var expected = [Int](repeating: -1, count: vectors.count)
        var left = Set(vectors.indices)
        var rank = 0
        while !left.isEmpty {
            let front = left.filter { one in
                !left.contains { Self.isBetter(vectors[$0], than: vectors[one]) }
            }
            for one in front { expected[one] = rank }
            left.subtract(front)
            rank += 1
        }
        let found = ParetoRanks(of: vectors)
        #expect(found.ranks == expected)
        #expect(found.front.sorted() == vectors.indices.filter { expected[$0] == 0 && vectors[$0].isFeasible })
        for (one, next) in zip(found.front, found.front.dropFirst()) {
            #expect(!vectors[next].values.lexicographicallyPrecedes(vectors[one].values))
        }
    }

    @Test(arguments: 1...3, 0..<6)
    func `ranks do not depend on the order of the trials`(objectives: Int, seed: UInt64) {
        let vectors = Self.vectors(40, objectives: objectives, seed: seed)
        var random = RandomStream(seed: seed, stream: 43)
        let order = random.permutation(of: vectors.count)
        let ranks = ParetoRanks(of: vectors).ranks
        #expect(ParetoRanks(of: order.map { vectors[$0] }).ranks == order.map { ranks[$0] })
    }

    @Test func `the front is nobody's rival, and equal trials are in it together`() {
        let vectors = [[1.0, 4], [2, 2], [4, 1], [3, 3], [2, 2], [4, 4]].map { ObjectiveVector(values: $0) }
        #expect(ParetoRanks(of: vectors).ranks == [0, 0, 0, 1, 0, 2])
        #expect(ParetoRanks(of: vectors).front == [0, 1, 4, 2])
        #expect(ParetoRanks(of: []).ranks.isEmpty && ParetoRanks(of: []).front.isEmpty)
    }

    @Test func `what breaks a bound comes last, the least first, and is in no front`() {
        let vectors = [
            ObjectiveVector(values: [0], excesses: [0.5]), ObjectiveVector(values: [9], excesses: [-1]),
            ObjectiveVector(values: [5], excesses: [0.25]), ObjectiveVector(values: [7], excesses: [0.25]),
            ObjectiveVector(values: [9.5], excesses: [0]),
        ]
        #expect(ParetoRanks(of: vectors).ranks == [3, 0, 2, 2, 1])
        #expect(ParetoRanks(of: vectors).front == [1])
        #expect(ParetoRanks(of: [vectors[0], vectors[2]]).ranks == [1, 0])
        #expect(ParetoRanks(of: [vectors[0], vectors[2]]).front.isEmpty)
    }

    @Test func `values at the ends of the range are values like others`() {
        let most = Double.greatestFiniteMagnitude
        let vectors = [
            ObjectiveVector(values: [most, -most]), ObjectiveVector(values: [-most, most]),
            ObjectiveVector(values: [most, most]), ObjectiveVector(values: [-0.0, 0]),
            ObjectiveVector(values: [0, -0.0]),
            ObjectiveVector(values: [0, .leastNonzeroMagnitude]),
            ObjectiveVector(values: [0, 0], excesses: [.infinity]),
        ]
        #expect(ParetoRanks(of: vectors).ranks == [0, 0, 2, 0, 0, 1, 3])
    }
}
