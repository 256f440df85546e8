import ImportanceAnalysis

/// Which parameters matter, by PED-ANOVA, with intervals from resampling: computed once for the page's data and its
/// pictures.
struct ParameterRanking: Sendable {
    let analysis: PedANOVA
    /// A parameter of which all values are the same is left out.
    let rows: [Row]

    struct Row: Sendable {
        var name: String
        var share: Double
        /// 95 % of the resamples.
        var interval: ClosedRange<Double>
    }

    init(_ snapshot: SweepSnapshot) {
        analysis = PedANOVA(of: snapshot.trials, in: snapshot.file.sweep.space, metric: snapshot.file.sweep.metric)
        let varying = snapshot.varying
        let intervals = analysis.importances.isEmpty ? [:] : analysis.intervals()
        rows = analysis.importances.filter { varying.contains($0.name) }.map { importance in
            Row(
                name: importance.name, share: importance.share,
                interval: intervals[importance.name] ?? importance.share...importance.share)
        }
    }
}
