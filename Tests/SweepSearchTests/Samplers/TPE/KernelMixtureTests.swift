import RandomStreams
import SweepSearch
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

@Suite struct KernelMixtureTests {
    @Test func `the interpolated normal distribution function is the library's`() {
        for step in -1000...1000 {
            let z = Double(step) * 0.0123
            #expect(abs(NormalCumulative.table(z) - 0.5 * erfc(-z / 2.0.squareRoot())) < 3e-10, "at \(z)")
        }
        #expect(NormalCumulative.table(.infinity) == 1)
        #expect(NormalCumulative.table(-.infinity) == 0)
    }

    private static let centres: [[Double]] = [
        [.nan], [0, .nan], [1, .nan], [0.3, .nan, 0.31, 0.9], [0.5, 0.5, 0.5], (0..<200).map { Double($0) / 199 },
    ]

    /// The mean of a kernel's density over each of `count` cells, one kernel after the other.
    private func densities(_ kernels: NormalKernels, of centres: [Double], cells count: Int) -> [[Double]] {
        let rows = (0..<count).map { cell -> [Double] in
            var products = KernelProducts(centres.map { _ in 0 })
            kernels.multiply(into: &products, over: Double(cell) / Double(count)...Double(cell + 1) / Double(count))
            return zip(products.exponents, products.factors).map { exp($0) * $1 }
        }
        return centres.indices.map { kernel in rows.map { $0[kernel] } }
    }

    @Test(arguments: centres, [0.01, 0.3, 1])
    func `a truncated kernel's masses over the cells sum to 1`(centres: [Double], bandwidth: Double) {
        let kernels = NormalKernels(centres: centres, bandwidth: bandwidth)
        for cells in [2, 3, 10, 1000] {
            for (kernel, densities) in densities(kernels, of: centres, cells: cells).enumerated() {
                // Φ is off by 3e-10 at most, and the masses' errors telescope; so many floors of 1e-15 add nothing.
                #expect(abs(densities.reduce(0, +) / Double(cells) - 1) < 1e-8, "kernel \(kernel), \(cells) cells")
            }
        }
    }

    @Test(arguments: centres, [0.01, 0.3, 1])
    func `a truncated kernel's density integrates to 1, also where cells count as points`(
        centres: [Double], bandwidth: Double
    ) {
        let cells = 20_000
        #expect(1 / Double(cells) < NormalKernels.narrowCell)
        let kernels = NormalKernels(centres: centres, bandwidth: bandwidth)
        for (kernel, densities) in densities(kernels, of: centres, cells: cells).enumerated() {
            // The midpoint rule: h²/24 times the change of slope, at most 0.49/σ² in a whole kernel and twice that in
            // one cut in half: 1e-6.
            #expect(abs(densities.reduce(0, +) / Double(cells) - 1) < 2e-6, "kernel \(kernel)")
        }
    }

    @Test(arguments: centres, [0.01, 0.3, 1])
    func `what is drawn from a kernel follows its density`(centres: [Double], bandwidth: Double) {
        let kernels = NormalKernels(centres: centres, bandwidth: bandwidth)
        let densities = densities(kernels, of: centres, cells: 100)
        for kernel in centres.indices.prefix(4) where !centres[kernel].isNaN {
            var random = RandomStream(seed: 1, stream: UInt64(kernel))
            var counts = [Int](repeating: 0, count: 100)
            for _ in 0..<5000 { counts[min(99, Int((kernels.sample(kernel, using: &random) ?? .nan) * 100))] += 1 }
            let expected = densities[kernel].map { $0 * 50 }
            let used = expected.indices.filter { expected[$0] > 1 }
            #expect(agree(used.map { counts[$0] }, with: used.map { expected[$0] }), "\(counts) \(expected)")
        }
    }

    /// The mixture of a history, with uneven weights.
    private func mixture(_ space: SearchSpace, _ observations: [Observation]) -> (SpaceEncoding, KernelMixture) {
        let encoding = SpaceEncoding(space)
        let mixture = KernelMixture(
            encoding, observations.map(\.assignment), weights: observations.indices.map { 1 / Double($0 + 1) },
            bandwidth: 0.2)
        return (encoding, mixture)
    }

    /// How likely random search is to draw an assignment.
    private func prior(_ assignment: Assignment, in space: SearchSpace) -> Double {
        assignment.reduce(1) { product, entry in
            // The one value of an empty range is certain; its cell is a point.
            if case .real(.linear, _, _) = space[entry.name]?.distribution { return product }
            return product * (space[entry.name]?.distribution.probability(of: entry.value) ?? .nan)
        }
    }

    @Test(arguments: [0, 1, 5, 100]) func `the density sums to 1 over all branches of a space`(trials: Int) throws {
        let space = try discreteConditionalSpace()
        let (encoding, mixture) = mixture(space, history(trials, in: space))
        let sum = everyAssignment(of: space).reduce(0) { sum, assignment in
            sum + prior(assignment, in: space) * exp(mixture.logDensity(at: encoding.candidate(assignment)))
        }
        // Two interpolated axes at 1e-8 each.
        #expect(abs(sum - 1) < 1e-7)
    }

    @Test(arguments: [0, 1, 5, 100]) func `what is drawn follows the density in all branches`(trials: Int) throws {
        let space = try discreteConditionalSpace()
        let (encoding, mixture) = mixture(space, history(trials, in: space))
        var random = RandomStream(seed: 2, stream: 0)
        var counts = [Assignment: Int]()
        for _ in 0..<20_000 { counts[mixture.sample(using: &random), default: 0] += 1 }
        let all = everyAssignment(of: space)
        #expect(Set(counts.keys).isSubset(of: all))
        let expected = all.map { assignment in
            20_000 * prior(assignment, in: space) * exp(mixture.logDensity(at: encoding.candidate(assignment)))
        }
        #expect(expected.allSatisfy { $0 > 5 })
        #expect(agree(all.map { counts[$0] ?? 0 }, with: expected))
    }

    @Test func `the density is the mean of one product for every trial and one for the prior`() throws {
        // One number and one choice, of which the second trial has only the choice: few enough to write the sum down.
        let space = try SearchSpace([
            Parameter("c", .choice(values: ["a", "b"], weights: [3, 1])),
            Parameter("x", .uniform(min: 0, max: 10), when: [Condition("c", .equals("a"))]),
        ])
        let encoding = SpaceEncoding(space)
        let trials = [["c": "a", "x": 2.0], ["c": "b"]].map { Assignment($0, in: space) }
        let mixture = KernelMixture(encoding, trials, weights: [1, 0.5], bandwidth: 0.3)
        let density = mixture.logDensity(at: encoding.candidate(Assignment(["c": "a", "x": 4.0], in: space)))
        let smoothing = 2.0 / 3
        // Three kernels and two choices: s = 2 / 3. Relative to the prior 3/4, the seen choice has (4/3 + s)/(1 + s).
        let seen = (4.0 / 3 + smoothing) / (1 + smoothing)
        let unseen = smoothing / (1 + smoothing)
        // One trial has x.
        let bandwidth = 0.3
        func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
        let mass = cumulative(0.8 / bandwidth) - cumulative(-0.2 / bandwidth)
        let z = 0.2 / bandwidth
        let normal = exp(-z * z / 2) / ((2 * Double.pi).squareRoot() * bandwidth * mass)
        #expect(abs(exp(density) - (1 * seen * normal + 0.5 * unseen * 1 + 1) / 2.5) < 1e-8)
    }

    @Test func `a thousand factors neither vanish nor overflow`() throws {
        let space = try SearchSpace(
            (0..<1000).map { Parameter("p\($0)", .integer(min: 0, max: 999, step: 1, log: false)) })
        let (encoding, mixture) = mixture(space, history(50, in: space))
        for observation in history(5, in: space) + history(5, in: space, seed: 9) {
            #expect(mixture.logDensity(at: encoding.candidate(observation.assignment)).isFinite)
        }
    }
}
