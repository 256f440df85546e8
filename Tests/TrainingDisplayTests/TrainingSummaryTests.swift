import TerminalDrawing
import TestSupport
import Testing
import Training
import TrainingDisplay
import TrialProtocol

/// What is said at the end of a run.
@Suite struct TrainingSummaryTests {
    private static func summary(_ headline: StyledText = StyledText()) -> TrainingSummary {
        var config = TrainingConfig()
        config.training.epochs = 2
        var view = TrainingView(TrainingPlan(config, batches: 3))
        for (epoch, loss) in [(1, 0.1843), (2, 0.21)] {
            view.ended(
                MetricReport(
                    step: epoch,
                    metrics: [.init("train_loss", 0.1), .init("val_loss", loss), .init("val_accuracy", 0.9444)]))
        }
        return TrainingSummary(
            headline, view, folder: "results/runs/digits",
            steps: [
                .init("goes on to 4 epochs", ["revmlp", "train", "digits.yaml", "--set", "training.epochs=4"]),
                .init("on the test samples", ["revmlp", "eval", "results/runs/digits"]),
                .init("its representations", ["revmlp", "cka", "a run/it's"]),
            ])
    }

    @Test func `it names the best and the last epoch, the folder, and what to type`() {
        #expect(
            Self.summary().lines(width: 79).map(\.text) == [
                "best  epoch 1: val loss 0.1843, val accuracy 94.44 %",
                "last  epoch 2: val loss 0.2100, val accuracy 94.44 %, train loss 0.1000",
                "run   results/runs/digits",
                "next  revmlp train digits.yaml --set training.epochs=4    # goes on to 4 epochs",
                "      revmlp eval results/runs/digits                     # on the test samples",
                "      revmlp cka 'a run/it'\\''s'                          # its representations",
            ])
    }

    @Test func `on a narrow terminal commands are broken as a shell reads them`() {
        #expect(
            Self.summary(StyledText("stopped here")).lines(width: 19).map(\.text) == [
                "stopped here", "best  epoch 1: val", "      loss 0.1843,", "      val accuracy", "      94.44 %",
                "last  epoch 2: val", "      loss 0.2100,", "      val accuracy", "      94.44 %,",
                "      train loss", "      0.1000", "run   results/runs/", "      digits", "", "revmlp train \\",
                "digits.yaml --set \\", "training.epochs=4", "revmlp eval \\", "results/runs/digi\\", "ts",
                "revmlp cka \\", "'a run/it'\\''s'",
            ])
    }

    @Test func `purposes stand below each other also behind characters that are two columns wide`() throws {
        let summary = TrainingSummary(
            StyledText(), TrainingView(TrainingPlan(TrainingConfig(), batches: 1)), folder: "x",
            steps: [.init("first", ["revmlp", "eval", "損失"]), .init("second", ["revmlp", "cka", "a"])])
        let lines = summary.lines(width: 79).map(\.text)
        let places = lines.compactMap { line in line.firstIndex(of: "#").map { TextWidth.columns(of: line[..<$0]) } }
        #expect(places.count == 2 && Set(places).count == 1, "\(lines)")
    }

    private static let words = [
        ["echo", "a"], ["revmlp", "train", "configs/with space.yaml", "--set", "data.augmentations=[{name: x}, y]"],
        [
            "p", "", "'", "\"", "$HOME `x` \\ *?", "a\\", "~", "#x", "läng/ä=ö",
            String(repeating: "it's $x ", count: 30),
        ],
        [String(repeating: "x", count: 300)],
    ]

    @Test(arguments: words, [1, 4, 6, 10, 20, 60, 1000])
    func `a shell reads every word as it was`(words: [String], width: Int) async throws {
        let folder = try TemporaryDirectory()
        let summary = TrainingSummary(
            StyledText(), TrainingView(TrainingPlan(TrainingConfig(), batches: 1)), folder: "x",
            steps: [.init("", ["printf", "[%s]\\n"] + words)])
        // What is shown is copied; the command is the last that is shown.
        let lines = summary.lines(width: max(12, width)).map(\.text)
        let start = try #require(lines.firstIndex { $0.contains("printf") })
        let margin = lines[start].hasPrefix("next  ") ? 6 : 0
        let script = lines[start...].map { String($0.dropFirst(margin)) }.joined(separator: "\n")
        let result = try await Program.shell.run(["-c", script], in: folder.path)
        #expect(result.output == words.map { "[\($0)]\n" }.joined(), "\(script)")
    }
}
