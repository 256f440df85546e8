import Plots

extension AnalysisFigures {
    /// CKA of all runs with one another, a map for each block, by `AlignmentAnalysis.amongRuns`.
    public func alignmentAmongRuns(_ table: ResultTable) -> Figure {
        // Runs of one group stand beside each other.
        let runs = groups.flatMap(\.runs).map(\.path)
        let places = Dictionary(runs.enumerated().map { ($1, $0) }) { first, _ in first }
        let names = Self.shortNames(runs)
        let empty = runs.indices.map { row in runs.indices.map { $0 == row ? 1.0 : nil } }
        var maps: [Int: [[Double?]]] = [:]
        for row in table.objects {
            guard let first = row["run"]?.text.flatMap({ places[$0] }), let block = row["block"]?.number,
                let second = row["other_run"]?.text.flatMap({ places[$0] })
            else { continue }
            maps[Int(block), default: empty][first][second] = row["cka"]?.number
            maps[Int(block), default: empty][second][first] = row["cka"]?.number
        }
        let scale = ColourScale("CKA", of: [0, 1], levels: 64)
        let panels = maps.keys.sorted().map { block in
            Panel(
                title: "block \(block)", x: Axis(kind: .categories(names)),
                y: Axis(kind: .categories(names), isInverted: true),
                marks: [.heatMap(HeatMap(maps[block] ?? [], scale: scale, decimals: runs.count <= 6 ? 2 : nil))])
        }
        let columns = min(max(panels.count, 1), 2)
        let rows = (panels.count + columns - 1) / columns
        return Figure(
            title: "Representations of runs compared",
            description: "CKA of \(Self.count(runs, "run")) with one another at the end of training, block by block.",
            width: columns == 1 ? 560 : 860, height: 90 + 320 * Double(max(rows, 1)), columns: columns, panels: panels)
    }

    /// Paths without the folders that all of them begin with.
    private static func shortNames(_ paths: [String]) -> [String] {
        let parts = paths.map { $0.split(separator: "/").map(String.init) }
        var common = 0
        while let part = parts.first?.dropFirst(common).first,
            parts.allSatisfy({ $0.dropFirst(common).first == part && $0.count > common + 1 })
        {
            common += 1
        }
        return parts.map { $0.dropFirst(common).joined(separator: "/") }
    }
}
