/// A bar that fills from the left.
///
///     ProgressBar.text(0.5, columns: 10).text    // "━━━━━─────"
public enum ProgressBar {
    /// - Parameter fraction: from 0 to 1; what is beyond is drawn as empty or full.
    public static func text(
        _ fraction: Double, columns: Int, _ style: TextStyle = TextStyle(.green)
    ) -> StyledText {
        guard columns > 0 else { return StyledText() }
        // Rounded down: it is full only at the end, and not when it is nearly there.
        let halves = fraction.isFinite ? Int((min(1, max(0, fraction)) * Double(columns * 2)).rounded(.down)) : 0
        let (full, half) = (halves / 2, halves % 2)
        return StyledText(String(repeating: "━", count: full) + (half == 1 ? "╸" : ""), style)
            + StyledText(String(repeating: "─", count: columns - full - half), .dim)
    }
}
