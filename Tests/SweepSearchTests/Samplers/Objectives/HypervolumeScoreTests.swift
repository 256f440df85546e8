import RandomStreams
import RealModule
import SweepSearch
import Testing

@Suite struct HypervolumeScoreTests {
    private static let dimensions: [InputDimension] = [.numeric, .numeric]
    private static let points = [[0.1, 0.2], [0.5, 0.52], [0.93, 0.31], [0.4, 0.85], [3, 3]]
    /// A front of three objectives; for fewer of them the vectors are cut.
    private static let vectors = [[-0.9, 0.6, 0.2], [-0.3, 0.1, -0.4], [0.5, -0.8, 0.3], [0.2, 0.2, -0.9]]

    private static func front(_ objectives: Int, movedBy distance: Double = 0) -> [[Double]] {
        vectors.map { point in point.prefix(objectives).map { $0 + distance } }
    }

    private static func reference(_ objectives: Int, movedBy distance: Double = 0) -> [Double] {
        [Double](repeating: 1.5 + distance, count: objectives)
    }

    /// The coordinates of twelve trials in the unit square.
    private static var columns: [[Double]] {
        var random = RandomStream(seed: 6, stream: 0)
        return (0..<2).map { _ in (0..<12).map { _ in random.uniform() } }
    }

    /// A process of a smooth function for each objective.
    private static func processes(_ count: Int) throws -> [GaussianProcess] {
        let columns = columns
        return try (0..<count).map { objective in
            let (shift, slope) = (Double(objective), objective % 2 == 0 ? 1.0 : -1.0)
            let values = (0..<12).map { Double.sin(4 * columns[0][$0] + 2 * shift) + slope * columns[1][$0] }
            return try GaussianProcess(
                dimensions, columns: columns, values: values,
                Hyperparameters(weights: [3 + shift, 1.5], signalVariance: 1.2, noiseVariance: 1e-3))
        }
    }

    private static func isNear(_ one: Double, _ other: Double, _ tolerance: Double) -> Bool {
        abs(one - other) <= tolerance * max(1, abs(other))
    }

    /// E max(0, t − y) of a normal y.
    private static func gain(_ t: Double, _ posterior: (mean: Double, deviation: Double)) -> Double {
        let z = (t - posterior.mean) / posterior.deviation
        return posterior.deviation * Double.exp(ExpectedImprovement.logarithm(z).value)
    }

    /// The expected gain of volume by inclusion and exclusion, without boxes. A vector y takes all between it and the
    /// reference r but for what is beyond points of the front; of that, beyond a point p as well, there is in each
    /// objective E max(0, r − max(y, p)) = G(r) − G(p), as max(y, p) is p or more.
    private static func improvement(
        _ posteriors: [(mean: Double, deviation: Double)], _ front: [[Double]], _ reference: [Double]
    ) -> (value: Double, whole: Double) {
        let gains = zip(reference, posteriors).map { gain($0, $1) }
        let whole = gains.reduce(1, *)
        var taken = 0.0
        for set in 1..<(1 << front.count) {
            let chosen = front.indices.filter { (set >> $0) & 1 == 1 }.map { front[$0] }
            var product = chosen.count % 2 == 1 ? 1.0 : -1.0
            for objective in reference.indices {
                let worst = chosen.map { $0[objective] }.max() ?? 0
                product *= gains[objective] - gain(worst, posteriors[objective])
            }
            taken += product
        }
        return (whole - taken, whole)
    }

    @Test(arguments: 1...3, 0...4)
    func `it is the logarithm of the expected gain of volume`(objectives: Int, count: Int) throws {
        let processes = try Self.processes(objectives)
        let (front, reference) = (Array(Self.front(objectives).prefix(count)), Self.reference(objectives))
        let score = HypervolumeScore(processes, front: front, below: reference, bounds: [])
        for point in Self.points {
            let expected = Self.improvement(processes.map { $0.posterior(at: point) }, front, reference)
            // Of the 16 products none is above the whole, and each has three factors with an error of up to 144 ulp.
            let difference = Double.exp(score.score(at: point)) - expected.value
            #expect(abs(difference) < 1e-11 * expected.whole, "\(point)")
        }
    }

    @Test func `it is what values gain that are drawn`() throws {
        let processes = try Self.processes(2)
        let (front, reference) = (Self.front(2), Self.reference(2))
        let score = HypervolumeScore(processes, front: front, below: reference, bounds: [])
        // Far from all trials, where a value may be anything.
        let posteriors = processes.map { $0.posterior(at: [3, 3]) }
        let before = Hypervolume.volume(of: front, below: reference)
        var random = RandomStream(seed: 7, stream: 0)
        let count = 3000.0
        let gains = (0..<Int(count)).map { _ in
            let drawn = posteriors.map { $0.mean + $0.deviation * random.normal() }
            return Hypervolume.volume(of: front + [drawn], below: reference) - before
        }
        let mean = gains.reduce(0, +) / count
        let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        // Six standard errors.
        #expect(abs(Double.exp(score.score(at: [3, 3])) - mean) < 6 * (variance / count).squareRoot())
        #expect(mean > 0.1)
    }

    @Test func `with one objective it is the expected improvement`() throws {
        let process = try Self.processes(1)[0]
        for (front, best) in [([[0.3], [-0.2], [4]], -0.2), ([], 1.5), ([[4]], 1.5)] as [([[Double]], Double)] {
            let score = HypervolumeScore([process], front: front, below: [1.5], bounds: [])
            for point in Self.points {
                let (mean, deviation) = process.posterior(at: point)
                let expected =
                    Double.log(deviation) + ExpectedImprovement.logarithm((best - mean) / deviation).value
                #expect(Self.isNear(score.score(at: point), expected, 1e-14))
            }
        }
    }

    @Test(arguments: 1...3)
    func `a point that the front has already taken gains nothing more`(objectives: Int) throws {
        let processes = try Self.processes(objectives)
        let (front, reference) = (Self.front(objectives), Self.reference(objectives))
        let scores = (0...front.count).map { count in
            HypervolumeScore(processes, front: Array(front.prefix(count)), below: reference, bounds: [])
        }
        for point in Self.points {
            for (fewer, more) in zip(scores, scores.dropFirst()) {
                // In the far tail a gain is right to 3e-6, and the boxes are others.
                #expect(more.score(at: point) <= fewer.score(at: point) + 1e-5, "\(point)")
            }
        }
        // Neither does one beyond the reference.
        let beyond = HypervolumeScore(
            processes, front: front + [Self.reference(objectives)], below: reference, bounds: [])
        #expect(beyond.scores(at: Self.points) == scores[front.count].scores(at: Self.points))
    }

    @Test(arguments: 1...3)
    func `many points at once have the scores of each`(objectives: Int) throws {
        let processes = try Self.processes(objectives + 1)
        let isUsable = (0..<12).map { Self.columns[0][$0] > 0.3 }
        let score = HypervolumeScore(
            Array(processes.prefix(objectives)), front: Self.front(objectives), below: Self.reference(objectives),
            bounds: [HypervolumeScore.Bound(process: processes[objectives], limit: 0.2)],
            SuccessModel(Self.dimensions, columns: Self.columns, isUsable))
        for (point, one) in zip(Self.points, score.scores(at: Self.points)) {
            // Posteriors agree to 1e-9, and a score changes by no more than a thousand times that.
            #expect(Self.isNear(score.score(at: point), one, 1e-6), "\(point)")
        }
    }

    /// Near the front, and where the gain is so small that it is climbed by its logarithm alone.
    @Test(arguments: 1...3, [0.0, -25])
    func `its slopes are those of central differences`(objectives: Int, distance: Double) throws {
        let processes = try Self.processes(objectives + 1)
        let isUsable = (0..<12).map { Self.columns[0][$0] > 0.3 }
        let success = try #require(SuccessModel(Self.dimensions, columns: Self.columns, isUsable))
        let bound = HypervolumeScore.Bound(process: processes[objectives], limit: 0.2)
        for isBounded in [false, true] {
            let score = HypervolumeScore(
                Array(processes.prefix(objectives)), front: Self.front(objectives, movedBy: distance),
                below: Self.reference(objectives, movedBy: distance), bounds: isBounded ? [bound] : [],
                isBounded ? success : nil)
            for point in Self.points {
                let (value, slopes) = score.slopes(at: point, along: [0, 1])
                #expect(Self.isNear(value, score.score(at: point), 1e-12))
                let steepest = slopes.map(abs).max() ?? 0
                for dimension in 0..<2 {
                    let ends = [-1e-5, 1e-5].map { shift in
                        var moved = point
                        moved[dimension] += shift
                        return score.score(at: moved)
                    }
                    let difference = (ends[1] - ends[0]) / 2e-5 - slopes[dimension]
                    // The series of the far tail is right to 3e-6.
                    #expect(abs(difference) < 1e-5 * max(1, steepest), "\(point), \(dimension)")
                }
            }
            #expect(score.slopes(at: Self.points[0], along: []).slopes.isEmpty)
        }
    }

    @Test(arguments: 1...3)
    func `it can be climbed where the gain itself is 0 as a Double`(objectives: Int) throws {
        let score = HypervolumeScore(
            try Self.processes(objectives), front: Self.front(objectives, movedBy: -60),
            below: Self.reference(objectives, movedBy: -60), bounds: [])
        for point in Self.points.dropLast() {
            let (value, slopes) = score.slopes(at: point, along: [0, 1])
            #expect(Double.exp(value) == 0 && value.isFinite, "\(value)")
            #expect(slopes.allSatisfy { $0.isFinite && $0 != 0 }, "\(slopes)")
        }
    }

    @Test func `points of the front that are equal, or differ by a bit, are no obstacle`() throws {
        let processes = try Self.processes(2)
        let plain = HypervolumeScore(processes, front: [[0.3, 0.3]], below: [1.5, 1.5], bounds: [])
        let (more, less) = (Double(0.3).nextUp, Double(0.3).nextDown)
        let many = HypervolumeScore(
            processes, front: [[0.3, 0.3], [0.3, 0.3], [more, less], [less, more]],
            below: [1.5, 1.5], bounds: [])
        for point in Self.points {
            let (one, other) = (plain.slopes(at: point, along: [0, 1]), many.slopes(at: point, along: [0, 1]))
            #expect(Self.isNear(one.value, other.value, 1e-12))
            #expect(zip(one.slopes, other.slopes).allSatisfy { Self.isNear($0, $1, 1e-9) })
        }
    }

    @Test(arguments: 1...3)
    func `a bound lowers it by how unlikely it is that the bound holds`(objectives: Int) throws {
        let processes = try Self.processes(objectives + 1)
        let (own, bounded) = (Array(processes.prefix(objectives)), processes[objectives])
        func score(_ limits: [Double]) -> HypervolumeScore {
            HypervolumeScore(
                own, front: Self.front(objectives), below: Self.reference(objectives),
                bounds: limits.map { HypervolumeScore.Bound(process: bounded, limit: $0) })
        }
        for point in Self.points {
            let (mean, deviation) = bounded.posterior(at: point)
            let free = score([]).score(at: point)
            var last = -Double.infinity
            for limit in [-2, -0.2, 0, 0.4, 9] {
                let chance = NormalProbability.logarithm((limit - mean) / deviation).value
                let one = score([limit]).score(at: point)
                #expect(Self.isNear(one, free + chance, 1e-12) && one <= free && one >= last, "\(point), \(limit)")
                #expect(Self.isNear(score([limit, limit]).score(at: point), free + 2 * chance, 1e-12))
                last = one
            }
        }
    }

    @Test func `points are told apart as by the process that tells them apart best`() throws {
        let score = HypervolumeScore(
            try Self.processes(3), front: [], below: Self.reference(3), bounds: [])
        #expect(score.weights == [5, 1.5])
    }
}
