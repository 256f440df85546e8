import TestSupport
import Testing
import Training
import TrialProtocol

@Suite struct LayerDiagnosticsTests {
    private func train(
        _ optimizer: String, _ diagnostics: String, in folder: String, stopAfter batches: Int = .max
    ) throws -> (reports: [MetricReport], steps: [StepDiagnostics]) {
        let yaml = smallConfig(optimizer).replacing("output: {", with: "output: {diagnostics: \(diagnostics), ")
        var run = try TrainingRun(config(yaml), folder: folder)
        var (reports, steps, done) = ([MetricReport](), [StepDiagnostics](), 0)
        _ = try run.run(
            shouldStop: { done >= batches },
            observe: { event in
                switch event {
                case .epoch(let report): reports.append(report)
                case .diagnostics(let step): steps.append(step)
                case .progress: done += 1
                case .resumed, .alreadyComplete: break
                }
            })
        return (reports, steps)
    }

    @Test func `an epoch's line has the diagnostics of its last step`() throws {
        let folder = try TemporaryDirectory()
        let (reports, steps) = try train("gauss_newton", "batch", in: folder.path)
        // 1221 images make 13 batches of at most 100.
        #expect(steps.count == 39 && steps.map(\.iteration) == Array(1...39))
        #expect(steps[38].epoch == 3 && steps[38].batch == 12)
        for (epoch, report) in reports.enumerated() {
            #expect(Array(report.metrics.suffix(24)) == steps[13 * epoch + 12].metrics)
        }
        let trained = try TrainedNetwork(readingFrom: folder.path)
        for (index, layer) in ["0.f", "0.g", "1.f", "1.g"].enumerated() {
            let coefficients = trained.network.parameters.coefficients[index]
            let weights = coefficients.rows(0..<40).elements.map { Double($0) }
            let mean = weights.reduce(0, +) / 1280
            let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1280
            let norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // 1280 additions in double precision.
            #expect(abs(reports[2]["\(layer).weight_norm"]! / norm - 1) < 1e-12)
            #expect(abs(reports[2]["\(layer).weight_variance"]! / variance - 1) < 1e-12)
            #expect(reports[2]["\(layer).direction_norm"]! > 0)
            // At most the columns of A, 40 and the ones; block 0 is linear in 32 numbers.
            #expect((1...(index < 2 ? 33 : 41)).contains(reports[2]["\(layer).kept_rank"]!))
            let (largest, smallest) = (
                reports[2]["\(layer).largest_singular_value"]!, reports[2]["\(layer).smallest_singular_value"]!
            )
            #expect(smallest >= 0.01 * largest)
        }
    }

    @Test func `an optimizer that inverts nothing has no ranks`() throws {
        let folder = try TemporaryDirectory()
        let (reports, steps) = try train("adam", "epoch", in: folder.path)
        #expect(steps.isEmpty)
        #expect(reports[0].metrics.count == 6 + 4 * 3)
        #expect(reports[0]["1.g.direction_norm"] != nil && reports[0]["1.g.kept_rank"] == nil)
    }

    @Test(arguments: ["none", "epoch"])
    func `diagnostics change no bit of a run, and are the same when it is resumed`(diagnostics: String) throws {
        let folder = try TemporaryDirectory()
        let whole = try train("gauss_newton", "epoch", in: "\(folder.path)/whole")
        for batches in [13, 6, 40] {
            _ = try train("gauss_newton", diagnostics, in: "\(folder.path)/broken", stopAfter: batches)
        }
        let (left, right) = (
            try TrainedNetwork(readingFrom: "\(folder.path)/whole"),
            try TrainedNetwork(readingFrom: "\(folder.path)/broken")
        )
        #expect(left.network.parameters == right.network.parameters)
        let remains = (try Remains(of: "\(folder.path)/whole"), try Remains(of: "\(folder.path)/broken"))
        #expect((remains.0 == remains.1) == (diagnostics == "epoch"))
        withExtendedLifetime(whole) {}
    }
}
