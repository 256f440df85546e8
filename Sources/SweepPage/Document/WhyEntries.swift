import ConfigFile
import Foundation
import ReportFormat
import SweepFile
import SweepModel
import SweepReport
import SweepSearch

/// What the page shows of why: partial dependence, the way to the best trial, what more trials would bring, and what
/// was expected of each.
///
/// `docs/report-format.md` has the form of each entry; one that there is nothing for is null.
struct WhyEntries {
    let model: ModelSummary?
    let proposals: [TrialProposal]
    /// How many trials the sweep has.
    let count: Int

    // MARK: The model

    /// `{words, curves: [{parameter, x, mean, low, high}]}`
    var dependence: ConfigNode.Value {
        guard let model, case let curves = model.dependences, !curves.isEmpty else { return .null }
        return ConfigNode.object([
            "words": .string(
                model.explanation.modelWords + " Bands: nine in ten of the functions that it holds possible."),
            "curves": .sequence(
                curves.map { curve in
                    .object([
                        "parameter": .string(curve.parameter),
                        "x": .sequence(curve.values.map(\.configNode)),
                        "mean": numbers(curve.estimates.map(\.mean)), "low": numbers(curve.estimates.map(\.low)),
                        "high": numbers(curve.estimates.map(\.high)),
                    ])
                }),
        ]).value
    }

    /// `{from, words, steps: [{parameter, from, to, mean, deviation, gain, low, high}]}`
    var path: ConfigNode.Value {
        guard let explanation = model?.explanation, let path = explanation.path else { return .null }
        return ConfigNode.object([
            "from": .string(path.start.words), "words": .string(explanation.modelWords),
            "steps": .sequence(
                path.steps.steps.map { step in
                    .object([
                        "parameter": .string(step.parameter), "from": .string(HumanText.value(step.from)),
                        "to": .string(HumanText.value(step.to)), "mean": .number(step.value.mean),
                        // The interval of nine in ten is 2 · 1.645 standard deviations wide.
                        "deviation": .number((step.value.high - step.value.low) / 3.29),
                        "gain": .number(step.gain.mean), "low": .number(step.gain.low),
                        "high": .number(step.gain.high),
                    ])
                }),
        ]).value
    }

    /// `{words, trials, mean, low, high}`
    var outlook: ConfigNode.Value {
        guard let explanation = model?.explanation, explanation.model != nil else { return .null }
        let gains = explanation.outlook?.gains ?? []
        return ConfigNode.object([
            "words": .string(explanation.outlookWords),
            "trials": .sequence(gains.map { ConfigNode(.integer($0.trials)) }),
            "mean": numbers(gains.map(\.improvement.mean)), "low": numbers(gains.map(\.improvement.low)),
            "high": numbers(gains.map(\.improvement.high)),
        ]).value
    }

    private func numbers(_ values: [Double]) -> ConfigNode.Value { .sequence(values.map { ConfigNode(.number($0)) }) }

    // MARK: The trials

    /// What was expected of the trials that a Gaussian process proposed.
    var expectations: ConfigNode.Value {
        let forecasts = proposals.compactMap { proposal in
            proposal.forecast.map { (trial: proposal.trial, value: $0.value) }
        }
        if forecasts.isEmpty { return .null }
        return ConfigNode.object([
            "trials": ReportColumn.counts(forecasts.map(\.trial), as: UInt32.self).node.value,
            "means": ReportColumn.marks(forecasts.map(\.value.mean)).node.value,
            "deviations": ReportColumn.marks(forecasts.map(\.value.deviation)).node.value,
            "lows": ReportColumn.marks(forecasts.map(\.value.low)).node.value,
            "highs": ReportColumn.marks(forecasts.map(\.value.high)).node.value,
        ]).value
    }

    /// Who proposed each trial, as a column of words.
    var proposers: ConfigNode.Value {
        if proposals.isEmpty { return .null }
        var words: [String] = []
        var places = [ReportColumn.Cell<Int>](repeating: .unknown, count: count)
        for proposal in proposals where places.indices.contains(proposal.trial) {
            let sentence = proposal.words
            let place = words.firstIndex(of: sentence) ?? words.count
            if place == words.count { words.append(sentence) }
            places[proposal.trial] = .value(place)
        }
        return ReportColumn.words(places, words.map { ConfigNode(.string($0)) }).value
    }
}
