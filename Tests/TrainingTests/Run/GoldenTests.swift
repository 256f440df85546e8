import Datasets
import Foundation
import LinearAlgebra
import ReversibleCore
import TestSupport
import Testing
import Training

/// The reference's case `p09_misc`, as far as it is about training: rates by StepLR, and means over unequal batches.
@Suite struct GoldenTests {
    private struct Case: Decodable {
        struct Tensor: Decodable {
            var shape: [Int]
            var data: [Double]
        }

        struct Expected: Decodable {
            struct StepLR: Decodable {
                var lr: Double
                var stepSize: Int
                var gamma: Double
                var lrUsedAtStep: [Double]
            }

            struct Evaluation: Decodable {
                var batchSize: Int
                var batchLosses: [Double]
                var batchAccuracies: [Double]
                var meanOfBatchesSeed: [Double]
                var sampleWeightedCorrect: [Double]
            }

            var stepLr: [StepLR]
            var evaluation: Evaluation
        }

        var tensors: [String: Tensor]
        var expected: Expected
        var tolerances: [String: Double]

        static func read() throws -> Case {
            let path = Project.path("Tests/ReversibleCoreTests/Golden/p09_misc/case.json")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Case.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        }

        func matrix(_ name: String) throws -> Matrix<Float> {
            let tensor = try #require(tensors[name])
            return Matrix(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.data.map { Float($0) })
        }
    }

    @Test func `rates by steps are the reference's`() throws {
        let golden = try Case.read()
        let tolerance = try #require(golden.tolerances["rel"])
        #expect(golden.expected.stepLr.count == 3)
        for expected in golden.expected.stepLr {
            var schedule = LearningRateSchedule()
            schedule.name = .step
            schedule.stepSize = expected.stepSize
            schedule.gamma = expected.gamma
            for (time, rate) in expected.lrUsedAtStep.enumerated() {
                let ours = schedule.rate(expected.lr, at: time, of: expected.lrUsedAtStep.count)
                #expect(abs(ours / rate - 1) <= tolerance, "\(expected.lr) at \(time)")
            }
        }
    }

    @Test func `an evaluation in chunks of unequal size weighs every sample the same`() throws {
        let golden = try Case.read()
        let architecture = Architecture(features: 8, blocks: 2, hidden: 9, bias: true, classes: 3)
        // The reference's order is, for each coupling, W by rows of outputs, then b.
        var theta = try #require(golden.tensors["theta"]).data[...]
        let coefficients = (0..<4).map { _ in
            let weights = Matrix(rows: 4, columns: 9, elements: theta.prefix(36).map { Float($0) }).transposed()
            theta = theta.dropFirst(36)
            defer { theta = theta.dropFirst(4) }
            return Matrix(rows: 10, columns: 4, elements: weights.elements + theta.prefix(4).map { Float($0) })
        }
        let network = ReversibleNetwork(
            architecture: architecture,
            projections: try ["0.f", "0.g", "1.f", "1.g"].map { try golden.matrix("C/\($0)") },
            readout: try golden.matrix("U"), parameters: Parameters(coefficients: coefficients))
        let targets = try golden.matrix("Yeval")
        let labels = (0..<targets.rows).map { row in (0..<3).first { targets[row, $0] == 1 } ?? -1 }
        let samples = LabelledImages(images: try golden.matrix("Xeval"), labels: labels, classes: 3)

        let expected = golden.expected.evaluation
        for (index, loss) in expected.batchLosses.enumerated() {
            let batch = index * expected.batchSize..<min((index + 1) * expected.batchSize, samples.count)
            let part = Evaluation(network, on: samples.samples(at: batch), loss: .crossEntropy(.identity))
            // Single precision: some 50 roundings on the way to each logit, of size 1.
            #expect(abs(part.loss - loss) < 50 * Double(Float.ulpOfOne))
            #expect(100 * part.accuracy == expected.batchAccuracies[index])
        }
        let whole = Evaluation(
            network, on: samples, loss: .crossEntropy(.identity), chunk: expected.batchSize)
        #expect(abs(whole.loss - expected.sampleWeightedCorrect[0]) < 50 * Double(Float.ulpOfOne))
        #expect(abs(100 * whole.accuracy - expected.sampleWeightedCorrect[1]) < 1e-12)
        // The mean of the batches' means is something else.
        #expect(abs(whole.loss - expected.meanOfBatchesSeed[0]) > 0.02)
    }
}
