import RandomStreams
import SweepSearch
import Testing

@Suite struct SobolTests {
    /// By scipy 1.17.1, `scipy.stats.qmc.Sobol(256, scramble=False, bits=32)`, whose points come in the order of Gray's
    /// code, in the dimensions 1, 2, 3, 6, 10, 51 and 256.
    @Test(
        arguments: [
            (777, [2_428_502_016, 809_500_672, 3_829_399_552, 549_453_824, 3_661_627_392, 1_874_853_888, 926_941_184]),
            (1000, [398_458_880, 692_060_160, 1_933_574_144, 700_448_768, 524_288_000, 2_797_600_768, 1_413_480_448]),
        ] as [(UInt32, [UInt32])])
    func `the sequence is the published one`(index: UInt32, bits: [UInt32]) {
        for (dimension, expected) in zip([0, 1, 2, 5, 9, 50, 255], bits) {
            #expect(SobolSequence.bits(index, dimension: dimension) == expected, "dimension \(dimension)")
        }
    }

    @Test func `coordinates lie between 0 and 1, also where rounding would reach the ends`() {
        for scrambled in [0, 1, .max - 1, .max] as [UInt32] {
            for tail in [0, .max] as [UInt64] {
                let coordinate = SobolSequence.coordinate(scrambled, tail: tail)
                #expect(coordinate > 0 && coordinate < 1, "\(scrambled) \(tail)")
            }
        }
    }

    @Test(arguments: [1, 4, 64, 256] as [UInt32], 0..<4)
    func `scrambled points keep their balance`(count: UInt32, seed: UInt64) {
        let sequence = SobolSequence(seed: seed)
        for dimension in [0, 1, 17, 255] {
            for block in [0, 3] as [UInt32] {
                let cells = (block * count..<(block + 1) * count).map { index in
                    Int(sequence.coordinate(index, dimension: dimension) * Double(count))
                }
                #expect(cells.sorted() == Array(0..<Int(count)), "dimension \(dimension)")
            }
        }
        // Dimensions 1 and 2 together have one point in each of 2ᵏ boxes, whatever their shape.
        for shape in 0...6 {
            let (columns, rows) = (1 << shape, 64 >> shape)
            let boxes = (0..<64 as Range<UInt32>).map { index in
                Int(sequence.coordinate(index, dimension: 0) * Double(columns)) * rows
                    + Int(sequence.coordinate(index, dimension: 1) * Double(rows))
            }
            #expect(boxes.sorted() == Array(0..<64), "\(columns) by \(rows)")
        }
    }

    @Test(arguments: [0, 5, 1_000_000] as [UInt32]) func `every point is uniform over the seeds`(index: UInt32) {
        for dimension in [0, 7] {
            var counts = [Int](repeating: 0, count: 40)
            for seed in 0..<4000 {
                counts[Int(SobolSequence(seed: UInt64(seed)).coordinate(index, dimension: dimension) * 40)] += 1
            }
            #expect(agree(counts, with: counts.map { _ in 100 }), "\(counts)")
        }
    }

    @Test func `a design covers choices and ranges evenly`() throws {
        let space = try SearchSpace([
            Parameter("x", .logUniform(min: 1e-4, max: 1)), Parameter("c", .choice(["a", "b", "c", "d"])),
        ])
        var observations = [Observation]()
        for number in 0..<32 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(number))
            let suggestion = SobolSampler(seed: 9).suggest(
                from: space, given: observations, pending: [], using: &random)
            observations.append(Observation(number: number, assignment: suggestion, outcome: .value(0)))
        }
        let choices = Dictionary(grouping: observations) { $0.assignment["c"] }
        #expect(choices.values.map(\.count) == [8, 8, 8, 8])
        #expect(observations.count { $0.assignment["x"]?.asNumber ?? 1 < 1e-2 } == 16)
    }
}
