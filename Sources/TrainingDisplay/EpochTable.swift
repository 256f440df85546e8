import TerminalDrawing
import TrialProtocol

/// The table of a run's epochs, one aligned line for each. It shows as many columns as the terminal has room for, the
/// most important ones first, and those of its metrics that the run reports.
///
///       epoch  train loss  val loss  val accuracy  seconds
///     ★     1      0.4117    0.1843       94.44 %     0.02
struct EpochTable: Sendable {
    /// What a column shows; in the order of the line.
    enum Column: Sendable, CaseIterable {
        case epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate, seconds

        /// Which columns go first where there is no room for all.
        static let byImportance: [Column] = [
            .epoch, .validationLoss, .validationAccuracy, .trainLoss, .seconds, .learningRate, .trainAccuracy,
        ]

        var heading: String {
            switch self {
            case .epoch: "epoch"
            case .trainLoss: "train loss"
            case .trainAccuracy: "train accuracy"
            case .validationLoss: "val loss"
            case .validationAccuracy: "val accuracy"
            case .learningRate: "learning rate"
            case .seconds: "seconds"
            }
        }
    }

    let plan: TrainingPlan
    /// The columns of the last heading; nil before the first.
    private var shown: [Column]?

    init(_ plan: TrainingPlan) { self.plan = plan }

    private func width(of column: Column) -> Int {
        // The heading, or the widest number: `-1.23e-05`, `100.00 %`.
        let least = column == .epoch ? String(plan.epochs).count : column == .seconds ? 7 : 9
        return max(column.heading.count, least)
    }

    private func isMeant(_ column: Column) -> Bool {
        switch column {
        case .epoch, .trainLoss, .validationLoss, .seconds: true
        case .trainAccuracy, .validationAccuracy: plan.hasAccuracy
        case .learningRate: plan.rateVaries
        }
    }

    /// The columns that fit, in the order of the line.
    private func columns(within width: Int) -> [Column] {
        var (chosen, used): (Set<Column>, Int) = ([], 0)
        for column in Column.byImportance where isMeant(column) {
            let needed = 2 + self.width(of: column)
            // The first two always: what is too long is cut.
            guard used + needed <= width || chosen.count < 2 else { continue }
            chosen.insert(column)
            used += needed
        }
        return Column.allCases.filter(chosen.contains)
    }

    /// The line of an epoch, below a heading where the columns are not those of the line before.
    ///
    /// - Parameters:
    ///   - isBest: whether no epoch before was as good.
    ///   - isEarlier: whether it ended in an earlier part of the run.
    mutating func lines(
        _ report: MetricReport, isBest: Bool, isEarlier: Bool, width: Int
    ) -> [StyledText] {
        let columns = columns(within: width)
        var lines: [StyledText] = []
        if columns != shown {
            let heading = columns.map { column in
                StyledText("  ") + StyledText(column.heading).padded(to: self.width(of: column), .right)
            }
            lines.append(heading.reduce(StyledText(), +).styled(.bold))
            shown = columns
        }
        let isFinite = report.metrics.allSatisfy { $0.name == "seconds" || $0.value.isFinite }
        let style: TextStyle =
            !isFinite ? TextStyle(.red) : isBest ? TextStyle(.green) : isEarlier ? .dim : .plain
        var line = StyledText(isBest ? "★" : " ", style)
        for (index, column) in columns.enumerated() {
            let text = StyledText(self.text(of: column, report), style).padded(to: self.width(of: column), .right)
            line += StyledText(index == 0 ? " " : "  ") + text
        }
        return lines + [line]
    }

    private func text(of column: Column, _ report: MetricReport) -> String {
        switch column {
        case .epoch: report.step.map(String.init) ?? "?"
        case .trainLoss: report["train_loss"].map(NumberText.loss) ?? ""
        case .trainAccuracy: report["train_accuracy"].map(NumberText.percent) ?? ""
        case .validationLoss: report["val_loss"].map(NumberText.loss) ?? ""
        case .validationAccuracy: report["val_accuracy"].map(NumberText.percent) ?? ""
        case .learningRate: report.step.map { NumberText.short(plan.rate($0)) } ?? ""
        case .seconds: report["seconds"].map(NumberText.seconds) ?? ""
        }
    }
}
