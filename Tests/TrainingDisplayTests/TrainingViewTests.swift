import TerminalDrawing
import Testing
import Training
import TrainingDisplay
import TrialProtocol

/// What is drawn of a run, as text.
@Suite struct TrainingViewTests {
    private static let losses: [Double] = [0.41172, 0.18434, 0.21, 0.0000123, 12.5]

    private static func report(_ epoch: Int) -> MetricReport {
        MetricReport(
            step: epoch,
            metrics: [
                .init("train_loss", losses[epoch - 1] * 1.25), .init("train_accuracy", 0.9),
                .init("val_loss", losses[epoch - 1]), .init("val_accuracy", epoch == 4 ? 1 : 0.94444),
                .init("seconds", 0.0213 * Double(epoch)),
            ])
    }

    private static func plan(
        epochs: Int = 20, batches: Int = 12, hasAccuracy: Bool = true, rateVaries: Bool = true
    ) -> TrainingPlan {
        var config = TrainingConfig()
        config.training.epochs = epochs
        if !hasAccuracy { config.task.name = .regression }
        config.optimizer.learningRate = 0.3
        if rateVaries { config.optimizer.schedule.name = .cosine }
        return TrainingPlan(config, batches: batches)
    }

    /// A bar before the first batch, five epochs, and bars at three moments; each line on its own.
    private static func frames(_ plan: TrainingPlan, columns: Int) -> [String] {
        var view = TrainingView(plan)
        let width = columns - 1
        var lines = [view.bar(nil, at: .zero, width: width)]
        for epoch in 1...5 { view.ended(report(epoch)) }
        lines += view.newLines(width: width)
        let batch = plan.batches == 1 ? 1 : 5
        let later = TrainingView.Progress(epoch: 7, batch: batch, loss: 0.3)
        lines.append(view.bar(.init(epoch: 6, batch: min(3, batch), loss: 0.34122), at: .seconds(1), width: width))
        lines.append(view.bar(later, at: .milliseconds(1700), width: width))
        lines.append(view.bar(later, at: .milliseconds(1700), isStopping: true, width: width))
        #expect(lines.allSatisfy { $0.columns <= width })
        return lines.map(\.text)
    }

    @Test func `80 columns show the bar, the speed, the time left and a table`() {
        #expect(
            Self.frames(Self.plan(), columns: 80) == [
                "epoch 1/20  ──────────────────────────────  0%",
                "  epoch  train loss   val loss  val accuracy  learning rate  seconds",
                "★     1      0.5146     0.4117       94.44 %            0.3     0.02",
                "★     2      0.2304     0.1843       94.44 %         0.2982     0.04",
                "      3      0.2625     0.2100       94.44 %         0.2927     0.06",
                "★     4    1.54e-05   1.23e-05      100.00 %         0.2837     0.09",
                "      5     15.6250    12.5000       94.44 %         0.2714     0.11",
                "epoch 6/20  ━━━━━━━╸──────────────────────  26%  batch 3/12  loss 0.3412",
                "epoch 7/20  ━━━━──────────  32%  batch 5/12  20.0 steps/s  9s left  (epoch: 1s)",
                "epoch 7/20  32%  stopping after this batch",
            ])
    }

    @Test func `a full batch has no batches to count, and a constant learning rate no column`() {
        #expect(
            Self.frames(Self.plan(batches: 1, rateVaries: false), columns: 80) == [
                "epoch 1/20  ──────────────────────────────  0%",
                "  epoch  train loss  train accuracy   val loss  val accuracy  seconds",
                "★     1      0.5146         90.00 %     0.4117       94.44 %     0.02",
                "★     2      0.2304         90.00 %     0.1843       94.44 %     0.04",
                "      3      0.2625         90.00 %     0.2100       94.44 %     0.06",
                "★     4    1.54e-05         90.00 %   1.23e-05      100.00 %     0.09",
                "      5     15.6250         90.00 %    12.5000       94.44 %     0.11",
                "epoch 6/20  ━━━━━━━━━─────────────────────  30%  loss 0.3412",
                "epoch 7/20  ━━━━━━━━╸────────────────  35%  1.43 steps/s  loss 0.3000  10s left",
                "epoch 7/20  35%  stopping after this batch",
            ])
    }

    @Test func `40 and 20 columns show what is most important`() {
        #expect(
            Self.frames(Self.plan(), columns: 40) == [
                "epoch 1/20  ───────────────────────  0%", "  epoch   val loss  val accuracy",
                "★     1     0.4117       94.44 %", "★     2     0.1843       94.44 %",
                "      3     0.2100       94.44 %", "★     4   1.23e-05      100.00 %",
                "      5    12.5000       94.44 %", "epoch 6/20  ━━╸───────  26%  batch 3/12",
                "epoch 7/20  ━━━━─────────  32%  9s left", "epoch 7/20  32%  stopping",
            ])
        #expect(
            Self.frames(Self.plan(), columns: 20) == [
                "epoch 1/20  0%", "  epoch   val loss", "★     1     0.4117", "★     2     0.1843",
                "      3     0.2100", "★     4   1.23e-05", "      5    12.5000", "epoch 6/20  26%",
                "epoch 7/20  32%", "stopping",
            ])
    }

    @Test func `a regression has no accuracy, and the numbers of a long run find room`() {
        var view = TrainingView(Self.plan(epochs: 1_000_000, hasAccuracy: false, rateVaries: false))
        view.ended(Self.report(1))
        #expect(
            view.newLines(width: 79).map(\.text) == [
                "    epoch  train loss   val loss  seconds", "★       1      0.5146     0.4117     0.02",
            ])
        let progress = TrainingView.Progress(epoch: 999_999, batch: 12, loss: 1e-9)
        #expect(view.bar(progress, at: .zero, width: 79).text.hasPrefix("epoch 999999/1000000  ━"))
        #expect(view.bar(progress, at: .zero, width: 79).text.hasSuffix("  99%  evaluating  loss 1.00e-09"))
    }

    @Test func `a window that changes its width gets a new heading where the columns change`() {
        var view = TrainingView(Self.plan(rateVaries: false))
        view.ended(Self.report(1))
        #expect(view.newLines(width: 79).count == 2)
        view.ended(Self.report(2))
        #expect(view.newLines(width: 78).count == 1)
        view.ended(Self.report(3))
        #expect(view.newLines(width: 20).map(\.text) == ["  epoch   val loss", "      3     0.2100"])
        #expect(view.newLines(width: 20).isEmpty)
    }

    @Test func `a run that goes on shows the last epochs of its earlier part`() {
        var view = TrainingView(Self.plan(rateVaries: false))
        view.resumes(inEpoch: 9)
        for epoch in 1...8 {
            var report = Self.report(min(epoch, 3))
            report.step = epoch
            view.ended(report)
        }
        let lines = view.newLines(width: 40).map(\.text)
        #expect(
            lines.prefix(4) == [
                "goes on in epoch 9", "3 earlier epochs are not shown", "  epoch   val loss  val accuracy",
                "      4     0.2100       94.44 %",
            ])
        #expect(lines.count == 8 && view.best?.step == 2 && view.last?.step == 8)
        // The bar begins where the run is, and does not take the earlier steps for its own speed.
        #expect(view.bar(nil, at: .zero, width: 79).text == "epoch 9/20  ━━━━━━━━━━━━──────────────────  40%")
        _ = view.bar(.init(epoch: 9, batch: 1, loss: 1), at: .seconds(1), width: 79)
        #expect(view.bar(.init(epoch: 9, batch: 3, loss: 1), at: .seconds(2), width: 79).text.contains("2.00 steps/s"))
    }

    @Test func `numbers that are none are shown as that, and are never the best`() {
        var view = TrainingView(Self.plan(rateVaries: false))
        view.ended(Self.report(1))
        view.ended(
            MetricReport(
                step: 2,
                metrics: ["train_loss", "train_accuracy", "val_loss", "val_accuracy"].map { .init($0, .nan) }
                    + [.init("seconds", 1)]))
        #expect(
            view.newLines(width: 60).map(\.text).last == "      2         nan        nan           nan     1.00")
        #expect(view.best?.step == 1 && view.last?.step == 1)
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13, 20, 21, 34, 55, 79, 80, 100, 200])
    func `no line is wider than the terminal, whatever it is`(columns: Int) {
        for rateVaries in [true, false] {
            for (epochs, batches) in [(1, 1), (20, 12), (1_000_000, 1_000_000)] {
                let plan = Self.plan(epochs: max(7, epochs), batches: batches, rateVaries: rateVaries)
                _ = Self.frames(plan, columns: max(2, columns))
            }
        }
    }

    @Test func `how long it takes is measured over the last ten seconds, slow steps by two of them`() {
        var view = TrainingView(Self.plan(epochs: 100, batches: 100))
        func bar(_ steps: Int, _ seconds: Int) -> String {
            view.bar(.init(epoch: steps / 100 + 1, batch: steps % 100, loss: 1), at: .seconds(seconds), width: 100).text
        }
        #expect(!bar(1, 1).contains("left"))
        #expect(bar(11, 2).contains("10.0 steps/s") && bar(11, 3).contains("10.0 steps/s"))
        // Ten seconds later only the second, slower part counts.
        for second in 4...24 { _ = bar(11 + second, second) }
        #expect(bar(36, 25).contains("1.00 steps/s") && bar(36, 25).contains("2h 46m left"))
        #expect(bar(37, 325).contains("300.0 s/step"))
    }
}
