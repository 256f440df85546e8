import Foundation
import TestSupport
import Testing
import Training
import TrialProtocol

@Suite struct LearningTaskTests {
    private func train(
        _ yaml: String, in folder: String, stopAfter batches: Int = .max
    ) throws -> (outcome: TrainingOutcome, reports: [MetricReport]) {
        var run = try TrainingRun(config(yaml), folder: folder)
        var (reports, done) = ([MetricReport](), 0)
        let outcome = try run.run(
            shouldStop: { done >= batches },
            observe: { event in
                switch event {
                case .epoch(let report): reports.append(report)
                case .progress: done += 1
                case .resumed, .alreadyComplete, .diagnostics: break
                }
            })
        return (outcome, reports)
    }

    @Test func `a linear function is learned down to its noise`() throws {
        let folder = try TemporaryDirectory()
        // Linear blocks with five outputs reach every linear function of the samples.
        let yaml = """
            data: {batch_size: 2000}
            task: {name: regression, noise: 0.3, outputs: 5}
            model: {blocks: 2, hidden: 0, activation: identity}
            loss: {name: mse, tangent_factor: 1}
            optimizer: {learning_rate: 0.25}
            training: {epochs: 60}
            """
        let (outcome, reports) = try train(yaml, in: folder.path)
        #expect(outcome == .complete)
        #expect(reports[0].metrics.map(\.name) == ["train_loss", "val_loss", "percentage_loss_change", "seconds"])
        // Of 1221 images, 65 numbers for each output fit that part of the noise too, of variance 0.09, or fewer do,
        // where pixels never change. The mean of 1221·5 squares of normal numbers has the deviation 1.8 %; six of them.
        let (least, most) = (0.09 * (1 - 65.0 / 1221) * 0.89, 0.09 * 1.11)
        let last = try #require(reports.last)
        #expect((least...most).contains(last["train_loss"]!))
        // Held back, the noise is another one, and cannot be fitted: 216·5 squares, deviation 4.3 %.
        #expect((0.09 * 0.74...0.09 * 1.5).contains(last["val_loss"]!))
    }

    @Test(arguments: ["mse", "cross_entropy"], ["{name: adam, learning_rate: 2e-3}", "{learning_rate: 0.2}"])
    func `a network learns what a frozen one says`(loss: String, optimizer: String) throws {
        let folder = try TemporaryDirectory()
        let yaml = """
            task: {name: teacher, outputs: 5, blocks: 2, hidden: 32, seed: 3}
            model: {blocks: 2, hidden: 200}
            loss: {name: \(loss)}
            optimizer: \(optimizer)
            training: {epochs: 6}
            """
        let (outcome, reports) = try train(yaml, in: "\(folder.path)/whole")
        #expect(outcome == .complete)
        #expect(reports[5]["val_loss"]! < reports[0]["val_loss"]!)
        // Five answers, equally good for one who knows nothing.
        #expect(reports[5]["val_accuracy"]! > 0.4)

        _ = try train(yaml, in: "\(folder.path)/broken", stopAfter: 17)
        _ = try train(yaml, in: "\(folder.path)/broken")
        #expect(try Remains(of: "\(folder.path)/broken") == Remains(of: "\(folder.path)/whole"))
        let trained = try TrainedNetwork(readingFrom: "\(folder.path)/whole")
        #expect(trained.evaluation(on: .validation).loss == reports[5]["val_loss"])
    }

    @Test func `more outputs than features are refused, and fewer than classes`() throws {
        let folder = try TemporaryDirectory()
        #expect(throws: TrainingError.tooManyOutputs(65, features: 64)) {
            try train("task: {name: teacher, outputs: 65}", in: folder.path)
        }
        #expect(throws: TrainingError.tooFewOutputs(9, classes: 10)) {
            try train("task: {outputs: 9}", in: folder.path)
        }
    }
}
