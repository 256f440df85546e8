import LinearAlgebra
import RandomStreams
import RepresentationAnalysis
import Testing

@Suite struct AlignmentTests {
    private func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
        var random = RandomStream(seed: seed, stream: 1)
        return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
    }

    @Test(arguments: [SampleKernel.linear, .radial(.median)])
    func `alignment does not see rotation, scale or shift`(kernel: SampleKernel) throws {
        let x = gaussian(40, 6, seed: 1)
        let rotation = try RowOrthogonalization(of: gaussian(6, 6, seed: 2), pivoting: false).orthonormal
        var y = x.times(rotation)
        y.withMutableElements { for index in 0..<$0.count { $0[index] = 3 * $0[index] + 7 } }
        let alignment = try #require(CentredKernel(of: x, kernel).alignment(with: CentredKernel(of: y, kernel)))
        #expect(abs(alignment - 1) < 1e-12)
    }

    @Test func `samples that are all the same have no alignment`() {
        let same = Matrix<Float>(rows: 5, columns: 3, repeating: 0.1)
        for kernel in [SampleKernel.linear, .radial(.median)] {
            let first = CentredKernel(of: same, kernel)
            #expect(first.alignment(with: first) == nil, "\(kernel)")
        }
    }

    @Test func `equal samples do not count for the median of the distances`() {
        let x = Matrix<Double>(rows: 5, columns: 1, elements: [0.1, 0.1, 0.1, 0.1, 2.1])
        let bandwidth = SampleKernel.medianBandwidth(of: x)
        guard case .squared(let variance) = bandwidth else {
            Issue.record("\(bandwidth)")
            return
        }
        #expect(abs(variance - 4) < 1e-12)
    }

    /// With X and Y independent HSIC is 0. The mean of 400 unbiased estimates is so within 5 standard deviations of
    /// the mean (false alarms: 6 in 10 million); the biased one, of mean (n − 1)·6·6 for n samples of 6 numbers each,
    /// is not.
    @Test func `the batch estimate of independence has no bias`() {
        let values = (0..<400).map { index in
            let x = SampleKernel.linear.matrix(of: gaussian(8, 6, seed: UInt64(1000 + index)))
            let y = SampleKernel.linear.matrix(of: gaussian(8, 6, seed: UInt64(5000 + index)))
            return MinibatchAlignment.unbiasedIndependence(x, y)
        }
        let mean = values.reduce(0, +) / 400
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
        #expect(abs(mean) < 5 * (variance / 400).squareRoot())
    }

    /// Between y = x B + noise and x, batches of 20 estimate what 2,000 samples at once show.
    @Test func `batches estimate the alignment of all samples`() throws {
        let x = gaussian(4000, 5, seed: 3)
        var y = x.times(gaussian(5, 7, seed: 4))
        y.add(gaussian(4000, 7, seed: 5), scale: 1.5)
        let whole = CentredKernel(of: x.rows(0..<2000), .linear)
            .alignment(with: CentredKernel(of: y.rows(0..<2000), .linear))
        var estimate = MinibatchAlignment()
        var biased = 0.0
        for start in stride(from: 0, to: 4000, by: 20) {
            let (left, right) = (x.rows(start..<start + 20), y.rows(start..<start + 20))
            estimate.add(SampleKernel.linear.matrix(of: left), SampleKernel.linear.matrix(of: right))
            biased +=
                try #require(CentredKernel(of: left, .linear).alignment(with: CentredKernel(of: right, .linear))) / 200
        }
        let (exact, estimated) = (try #require(whole), try #require(estimate.alignment))
        // The scatter of both is about 0.01; the mean of the batches' own alignments is off by seven times that.
        #expect(abs(estimated - exact) < 0.04)
        #expect(abs(biased - exact) > 0.05)
        #expect(estimate.batches == 200)
    }
}
