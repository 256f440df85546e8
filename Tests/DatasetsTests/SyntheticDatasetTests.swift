import Datasets
import Foundation
import Testing

@Suite struct SyntheticDatasetTests {
    private func synthetic(_ change: (inout SyntheticDataset) -> Void) -> SyntheticDataset {
        var synthetic = SyntheticDataset()
        change(&synthetic)
        return synthetic
    }

    @Test(arguments: [0, 0.5, 0.95])
    func `neighbours have the correlation asked for, and every feature the deviation 1`(correlation: Double) {
        let count = 20_000
        let data = synthetic {
            ($0.features, $0.classes, $0.samples, $0.correlation) = (4, 1, count, correlation)
            $0.separation = 0
        }.dataset(isCorrelated: correlation > 0).training
        func moment(_ first: Int, _ second: Int) -> Double {
            (0..<count).reduce(0) { $0 + Double(data.images[$1, first] * data.images[$1, second]) } / Double(count)
        }
        // The product of two standard normals has a deviation of √(1+ρ²) ≤ √2; 6 of them, averaged.
        let tolerance = 6 * (2 / Double(count)).squareRoot()
        for first in 0..<4 {
            for second in first..<4 {
                let expected = pow(correlation, Double(second - first))
                #expect(abs(moment(first, second) - expected) < tolerance, "\(first), \(second)")
            }
        }
    }

    @Test func `a larger data set begins with the smaller one, and a seed makes another`() {
        let small = synthetic { $0.samples = 50 }.dataset(isCorrelated: true)
        let large = synthetic { $0.samples = 80 }.dataset(isCorrelated: true)
        #expect(large.training.samples(at: 0..<50).images == small.training.images)
        #expect(large.test.images == small.test.images)
        #expect(small.test.samples(at: 0..<50).images != small.training.images)
        #expect(synthetic { $0.seed = 1 }.dataset(isCorrelated: true).test.images != small.test.images)
    }

    @Test func `classes are as likely as each other, and lie as far apart as asked for`() {
        let data = synthetic { ($0.features, $0.samples, $0.separation) = (200, 5000, 10) }
            .dataset(isCorrelated: false).training
        var centres = [[Double]](repeating: [Double](repeating: 0, count: 200), count: 10)
        for label in 0..<10 {
            let members = (0..<5000).filter { data.labels[$0] == label }
            // 6 deviations of a binomial count.
            #expect(abs(Double(members.count) - 500) < 6 * 450.0.squareRoot(), "class \(label)")
            for column in 0..<200 {
                centres[label][column] =
                    members.reduce(0) { $0 + Double(data.images[$1, column]) } / Double(members.count)
            }
        }
        // The squared distance is s² χ²/200 plus the noise of two means, 2·200/500: a relative deviation of 0.1 at s =
        // 10.
        for label in 1..<10 {
            let distance = zip(centres[0], centres[label]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            #expect(abs(distance - 100.8) < 6 * 10.1, "classes 0 and \(label): \(distance)")
        }
    }
}

/// Data that is too large for the repository: `REVSWEEP_TEST_DATA` names a folder with `mnist/` in its IDX files and
/// CIFAR-10 in its binary form.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["REVSWEEP_TEST_DATA"] != nil,
        "REVSWEEP_TEST_DATA does not name a folder with mnist/ and cifar-10-batches-bin/"))
struct RealDataTests {
    private let folder = ProcessInfo.processInfo.environment["REVSWEEP_TEST_DATA"] ?? ""

    @Test func `MNIST is what its published constants say`() throws {
        let mnist = try DatasetName.mnist.read(path: "\(folder)/mnist")
        #expect(mnist.training.count == 60_000 && mnist.test.count == 10_000)
        #expect(mnist.training.labels[..<5] == [5, 0, 4, 1, 9])
        let own = Standardization(of: mnist.training).channels[0]
        #expect(abs(own.mean - 0.1307) < 5e-5 && abs(own.std - 0.3081) < 5e-5)
    }

    @Test func `CIFAR-10 is near its published constants`() throws {
        let cifar = try DatasetName.cifar10.read(path: folder)
        #expect(cifar.training.count % 10_000 == 0 && Set(cifar.training.labels) == Set(0..<10))
        let own = Standardization(of: cifar.training, channels: 3).channels
        let published = try #require(DatasetName.cifar10.publishedStandardization).channels
        for (found, expected) in zip(own, published) {
            // A fifth of the images, and what JPEG left of them.
            #expect(abs(found.mean - expected.mean) < 0.005 && abs(found.std - expected.std) < 0.005)
        }
    }
}
