import RandomStreams
import RealModule
import SweepSearch
import Testing

@Suite struct SuccessModelTests {
    /// By mpmath with 60 digits: log Φ(u), and φ(u)/Φ(u).
    @Test(
        arguments: [
            (3, -0.0013508099647481938, 0.0044378390421256638), (0, -0.69314718055994531, 0.79788456080286536),
            (-1, -1.8410216450092635, 1.5251352761609812), (-5, -15.064998393988726, 5.1865039671258421),
            (-11.9, -74.207418051248292, 11.982886633486248), (-12.1, -76.623861242513236, 12.181552403709138),
            (-40, -804.60844201375379, 40.024968847207264), (-1000, -500_007.82669481218, 1000.000999998),
        ])
    func `the logarithm of a probability is right into its far tail`(u: Double, value: Double, slope: Double) {
        let probability = NormalProbability.logarithm(u)
        #expect(abs(probability.value - value) < 1e-5 * max(1, abs(value)))
        #expect(abs(probability.slope - slope) < 1e-5 * max(1e-3, slope))
    }

    /// Points of the unit square, of which those with x + y > 1 have no value.
    private func halves(_ count: Int) -> (columns: [[Double]], isUsable: [Bool]) {
        var random = RandomStream(seed: 9, stream: 0)
        let columns = (0..<2).map { _ in (0..<count).map { _ in random.uniform() } }
        return (columns, (0..<count).map { columns[0][$0] + columns[1][$0] <= 1 })
    }

    @Test func `where trials have a value it is likely, and elsewhere it is not`() throws {
        let (columns, isUsable) = halves(40)
        let model = try #require(SuccessModel([.numeric, .numeric], columns: columns, isUsable))
        #expect(model.probability(at: [0.2, 0.3]) > 0.9)
        #expect(model.probability(at: [0.8, 0.7]) < 0.2)
        // At the trials themselves there is hardly a doubt.
        for row in isUsable.indices {
            #expect((model.probability(at: columns.map { $0[row] }) > 0.5) == isUsable[row])
        }
    }

    /// By how much trials with a value are more likely to have one than those without, by the model, in the mean.
    private func difference(_ columns: [[Double]], _ isUsable: [Bool]) throws -> Double {
        let model = try #require(SuccessModel([.numeric, .numeric], columns: columns, isUsable))
        func mean(_ kind: Bool) -> Double {
            let rows = isUsable.indices.filter { isUsable[$0] == kind }
            let sum = rows.reduce(0) { sum, row in sum + model.probability(at: columns.map { $0[row] }) }
            return sum / Double(rows.count)
        }
        return mean(true) - mean(false)
    }

    @Test func `a trial that has failed by chance says little of its surroundings`() throws {
        let (columns, isUsable) = halves(40)
        #expect(try difference(columns, isUsable) > 0.75)
        let differences = try (0..<20).map { seed in
            var random = RandomStream(seed: UInt64(seed), stream: 1)
            return try difference(columns, isUsable.map { _ in random.uniform() > 0.3 })
        }
        // With labels that are believed whatever their neighbours are, it is 1.
        #expect(differences.reduce(0, +) < 20 * 0.2, "\(differences)")
    }

    @Test func `its slopes are those of central differences`() throws {
        let (columns, isUsable) = halves(30)
        let model = try #require(SuccessModel([.numeric, .numeric], columns: columns, isUsable))
        for point in [[0.31, 0.42], [0.6, 0.55], [0.9, 0.95]] {
            let (value, slopes) = model.slopes(at: point, along: [0, 1])
            #expect(value == model.score(at: point))
            for dimension in 0..<2 {
                let ends = [-1e-5, 1e-5].map { shift in
                    var moved = point
                    moved[dimension] += shift
                    return model.score(at: moved)
                }
                #expect(abs((ends[1] - ends[0]) / 2e-5 - slopes[dimension]) < 1e-5 * max(1, abs(slopes[dimension])))
            }
        }
    }

    @Test func `without two kinds of trials there is nothing to model`() {
        let (columns, _) = halves(10)
        for isUsable in [true, false] {
            #expect(
                SuccessModel([.numeric, .numeric], columns: columns, [Bool](repeating: isUsable, count: 10)) == nil)
        }
    }

    @Test func `a value far beyond all others is behind a wall, and a merely bad one is not`() {
        let wall: [Outcome] = [0.2, 0.9, 1.4, 2.1, 10000, 10003, 3.0, 10001].map(Outcome.value)
        #expect(SuccessModel.usable(wall) == [true, true, true, true, false, false, true, false])
        let tail: [Outcome] = [0.2, 0.9, 1.4, 2.1, 19, 40, 3.0, 75].map(Outcome.value)
        #expect(SuccessModel.usable(tail).allSatisfy { $0 })
        let equals: [Outcome] = [0.1, 0.1001, 0.1, 0.1002, 0.2, 0.3, 0.5, 0.4].map(Outcome.value)
        #expect(SuccessModel.usable(equals).allSatisfy { $0 })
        // Later values gather at the optimum, where their distances tell nothing about the others.
        let converged = (0..<16).map { Outcome.value(Double($0)) } + (0..<40).map { .value(-1 - 1e-9 * Double($0)) }
        #expect(SuccessModel.usable(converged).allSatisfy { $0 })
        #expect(
            SuccessModel.usable([.diverged, .failed, .pruned(1), .pruned(nil), .value(1), .value(.infinity)])
                == [false, false, true, true, true, false])
    }

    /// The least value that 40 trials find of a bowl whose minimum lies beside the border x + y = 1, beyond which
    /// something else is the outcome.
    private func least(beyond: Outcome) throws -> Double {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: 0, max: 1)),
        ])
        let sampler = AutoSampler(seed: 3)
        var observations = Observations()
        var least = Double.infinity
        for number in 0..<40 {
            var random = RandomStream(seed: 3, stream: 1, UInt64(number))
            let assignment = sampler.suggest(from: space, given: observations, pending: [], using: &random)
            let (x, y) = (assignment["x"]?.asNumber ?? 1, assignment["y"]?.asNumber ?? 1)
            let isBeyond = x + y > 1
            let value = (x - 0.6) * (x - 0.6) + 2 * (y - 0.37) * (y - 0.37)
            if !isBeyond { least = min(least, value) }
            observations.insert(
                Observation(number: number, assignment: assignment, outcome: isBeyond ? beyond : .value(value)))
        }
        return least
    }

    @Test(arguments: [Outcome.diverged, .failed, .value(1e4)])
    func `the search finds an optimum beside trials that have no value`(beyond: Outcome) throws {
        #expect(try least(beyond: beyond) < 1e-3)
    }
}
