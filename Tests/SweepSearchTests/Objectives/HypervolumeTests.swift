import RandomStreams
import SweepSearch
import Testing

@Suite struct HypervolumeTests {
    /// Points with whole coordinates from 0 to 7, so that every sum is exact. The reference is 6 everywhere: some lie
    /// beyond it, and some are there twice.
    private static func points(_ count: Int, objectives: Int, seed: UInt64) -> [[Double]] {
        var random = RandomStream(seed: seed, stream: 42)
        return (0..<count).map { _ in (0..<objectives).map { _ in Double(random.integer(below: 8)) } }
    }

    private static func reference(_ objectives: Int) -> [Double] { [Double](repeating: 6, count: objectives) }

    /// By inclusion and exclusion: what all points of a set dominate lies beyond the worst of them in each objective.
    private static func volume(_ points: [[Double]], _ reference: [Double]) -> Double {
        var volume = 0.0
        for set in 1..<(1 << points.count) {
            let chosen = points.indices.filter { (set >> $0) & 1 == 1 }.map { points[$0] }
            let sides = reference.indices.map { objective in
                max(0, reference[objective] - (chosen.map { $0[objective] }.max() ?? 0))
            }
            volume += (chosen.count % 2 == 1 ? 1 : -1) * sides.reduce(1, *)
        }
        return volume
    }

    @Test(
        arguments: [
            ([[1, 4], [2, 2], [4, 1]], [5, 5], 11), ([[2], [3]], [5], 3), ([], [5, 5], 0), ([[5, 1]], [5, 5], 0),
            ([[0, 1], [0, 1]], [2, 2], 2), ([[0, 0, 0]], [2, 3, 4], 24), ([[7, 0], [1, 1]], [2, 2], 1),
            ([[1, 1, 1, 1], [0, 2, 2, 2]], [3, 3, 3, 3], 17),
        ] as [([[Double]], [Double], Double)])
    func `the volume is what the points dominate below the reference`(
        points: [[Double]], reference: [Double], volume: Double
    ) {
        #expect(Hypervolume.volume(of: points, below: reference) == volume)
    }

    @Test(arguments: 1...4, 0..<10)
    func `the volume is that of inclusion and exclusion`(objectives: Int, seed: UInt64) {
        let reference = Self.reference(objectives)
        for count in 0...7 {
            let points = Self.points(count, objectives: objectives, seed: seed)
            let volume = Hypervolume.volume(of: points, below: reference)
            #expect(volume == Self.volume(points, reference), "\(points)")
            #expect(volume == Hypervolume.volume(of: points.reversed(), below: reference), "\(points)")
        }
    }

    @Test(arguments: 1...4, 0..<6)
    func `the volume grows with each point that none dominates, and with no other`(objectives: Int, seed: UInt64) {
        let reference = Self.reference(objectives)
        var points: [[Double]] = []
        for point in Self.points(30, objectives: objectives, seed: seed) {
            let before = Hypervolume.volume(of: points, below: reference)
            let adds =
                point.allSatisfy { $0 < 6 } && !points.contains { other in zip(other, point).allSatisfy { $0 <= $1 } }
            points.append(point)
            let after = Hypervolume.volume(of: points, below: reference)
            #expect(adds ? after > before : after == before, "\(points)")
        }
    }

    @Test(arguments: 1...4, 0..<10)
    func `boxes fill what no point dominates, and no two overlap`(objectives: Int, seed: UInt64) {
        let reference = Self.reference(objectives)
        for count in [0, 1, 6] {
            let points = Self.points(count, objectives: objectives, seed: seed)
            let boxes = Hypervolume.boxes(of: points, below: reference)
            // Above -1, where all points are.
            let volumes = boxes.map { box in
                zip(box.lower, box.upper).reduce(1.0) { volume, ends in volume * (ends.1 - max(ends.0, -1)) }
            }
            #expect(volumes.allSatisfy { $0 > 0 }, "\(points)")
            let whole = reference.reduce(1) { $0 * ($1 + 1) }
            #expect(volumes.reduce(0, +) + Hypervolume.volume(of: points, below: reference) == whole, "\(points)")
            for (index, box) in boxes.enumerated() {
                #expect(points.allSatisfy { point in zip(point, box.upper).contains { $0 >= $1 } }, "\(box) \(points)")
                let isApart = boxes[..<index].allSatisfy { other in
                    reference.indices.contains { objective in
                        box.upper[objective] <= other.lower[objective]
                            || other.upper[objective] <= box.lower[objective]
                    }
                }
                #expect(isApart, "\(box) \(points)")
            }
            if objectives == 2 { #expect(boxes.count <= points.count + 1) }
        }
    }

    @Test func `the boxes of one point are those beside it`() {
        let infinity = Double.infinity
        #expect(
            Set(Hypervolume.boxes(of: [[2, 3]], below: [5, 5])) == [
                Hypervolume.Box(lower: [-infinity, -infinity], upper: [5, 3]),
                Hypervolume.Box(lower: [-infinity, 3], upper: [2, 5]),
            ])
        #expect(
            Hypervolume.boxes(of: [[7, 1]], below: [5, 5]) == [
                Hypervolume.Box(lower: [-infinity, -infinity], upper: [5, 5])
            ])
    }
}
