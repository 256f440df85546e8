import Foundation
import ImportanceAnalysis
import SweepReport
import TerminalDrawing

/// A bar for each parameter: how much it has to do with which trials are the best.
struct ImportancePane {
    let state: ScreenState

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        guard let analysis = state.importance else {
            return [StyledText(state.content == nil ? "" : "reading …", .dim)]
        }
        if analysis.importances.isEmpty {
            return [StyledText("it takes two complete trials or more", .dim).cut(to: area.columns)]
        }
        var lines: [StyledText] = []
        if !analysis.isReliable, area.rows >= 3 {
            let words =
                "only \(analysis.bestCount) of \(HumanText.count(analysis.trialCount, "trial")) "
                + "\(analysis.bestCount == 1 ? "is" : "are") the best tenth: too few to trust"
            lines.append(StyledText(words, TextStyle(.yellow)).cut(to: area.columns))
        }
        // What is the same in all trials has nothing to do with which are the best.
        let varying = Set(state.table.parameters)
        let shown = analysis.importances.filter { varying.contains($0.name) }.prefix(max(0, area.rows - lines.count))
        let names = shown.map { StyledText($0.name) }
        let nameWidth = min(names.map(\.columns).max() ?? 0, max(6, area.columns / 2))
        for (name, importance) in zip(names, shown) {
            let percent = StyledText(String(format: "%.1f %%", importance.share * 100)).padded(to: 7, .right)
            let start = name.cut(to: nameWidth).padded(to: nameWidth) + StyledText(" ") + percent + StyledText(" ")
            let room = max(0, area.columns - start.columns)
            // What counts at all has a mark, also where its share is less than half a column.
            let length = importance.share > 0.0005 ? max(1, Int((importance.share * Double(room)).rounded())) : 0
            let bar = StyledText(String(repeating: "█", count: min(room, length)), TextStyle(.cyan))
            lines.append((start + bar).cut(to: area.columns))
        }
        return lines
    }
}
