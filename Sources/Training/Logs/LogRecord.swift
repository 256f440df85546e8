import Foundation
import JSONWriting
import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// What is logged of a batch or of an epoch.
///
/// | in CSV and JSON lines | in TensorBoard | |
/// |---|---|---|
/// | `batch_loss`, `batch_accuracy` | `batch/loss`, `batch/accuracy` | of a batch, before its step |
/// | `batch_loss_after` | `batch/loss after the step` | of the same batch |
/// | `train_loss`, `train_accuracy` | `train/loss`, `train/accuracy` | see `EpochMetrics`, like the next two lines |
/// | `train_loss_before_steps`, … | `train/loss before steps`, … | |
/// | `val_loss`, `val_accuracy` | `validation/loss`, `validation/accuracy` | |
/// | `val_samples` | | how many samples those two are of, where not of all |
/// | `percentage_loss_change` | `Percentage loss change per batch` | of a batch, by its step; of an epoch, their mean |
/// | `seconds` | | of the batch, or of the epoch's batches |
/// | `seconds_total` | `Time excluding evaluation` | of all batches so far |
/// | `peak_memory` | `Peak memory` | of the process, in MiB |
/// | `learning_rate` | `Learning rate` | of the step, or of the epoch's last one |
/// | `0.f.weight_norm`, … | `Weight norm/0.f`, … | of W, without the bias |
/// | `0.f.weight_variance`, … | `Weight variance/0.f`, … | of the numbers of W |
/// | `0.f.direction_norm`, … | `Direction norm/0.f`, … | and what else `output.diagnostics` asks for |
///
///     let record = LogRecord(epoch: 2, batch: 5, step: 17, values: [LogValue("batch_loss", "batch/loss", 0.5)])
///     record.jsonLine          // {"epoch": 2, "batch": 5, "step": 17, "batch_loss": 0.5}
///     record.csvLine(columns: ["epoch", "batch", "step", "batch_loss", "seconds"])      // 2,5,17,0.5,
struct LogRecord: Hashable, Sendable {
    var epoch: Int
    /// Of the epoch, from 1; `nil` for a record of the whole epoch.
    var batch: Int?
    /// Batches since the beginning of the run; of an epoch, those up to its end.
    var step: Int
    var values: [LogValue]
    /// The names of values that records of this kind may have: a table needs a column for each from its first line on,
    /// also where the first record lacks some.
    var names: [String] = []
}

/// One number of a record.
struct LogValue: Hashable, Sendable {
    /// The column of a CSV file, the key of a JSON line.
    var name: String
    /// Nil where TensorBoard shows it otherwise.
    var tag: String?
    var value: Double

    init(_ name: String, _ tag: String?, _ value: Double) {
        self.name = name
        self.tag = tag
        self.value = value
    }
}

extension LogRecord {
    /// The places in time: the columns before the values.
    var places: [(name: String, value: Int)] {
        [("epoch", epoch)] + (batch.map { [("batch", $0)] } ?? []) + [("step", step)]
    }

    /// The columns that records of this kind need: those that each may have, and then those that only this one has.
    var csvColumns: [String] {
        places.map(\.name) + names + values.map(\.name).filter { !names.contains($0) }
    }

    /// A line with these columns, empty where the record has no such number; `nil` if it has others.
    ///
    /// Numbers with the fewest digits that read back the same.
    func csvLine(columns: [String]) -> String? {
        var cells = Dictionary(places.map { ($0.name, "\($0.value)") }) { $1 }
        for value in values { cells[value.name] = Self.text(value.value) }
        guard cells.keys.allSatisfy(columns.contains) else { return nil }
        return columns.map { cells[$0] ?? "" }.joined(separator: ",") + "\n"
    }

    /// The record as one JSON object, with a line end.
    var jsonLine: String {
        let fields =
            places.map { "\"\($0.name)\": \($0.value)" }
            + values.map { "\(JSONText.quoted($0.name)): \(Self.text($0.value))" }
        return "{\(fields.joined(separator: ", "))}\n"
    }

    /// As reports spell them; Python's readers of CSV and JSON know these words.
    private static func text(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : "\(value)"
    }
}

extension LogValue {
    /// The names in TensorBoard of metrics that are the run's as a whole.
    private static let tags = [
        "train_loss": "train/loss", "train_accuracy": "train/accuracy", "val_loss": "validation/loss",
        "val_accuracy": "validation/accuracy", "percentage_loss_change": "Percentage loss change per batch",
        "train_loss_before_steps": "train/loss before steps",
        "train_accuracy_before_steps": "train/accuracy before steps",
        "train_loss_after_steps": "train/loss after steps", "train_accuracy_after_steps": "train/accuracy after steps",
        "train_loss_after_epoch": "train/loss after epoch", "train_accuracy_after_epoch": "train/accuracy after epoch",
    ]

    /// A metric of a report: of the run, or of a layer, as `0.f.weight_norm` is.
    init(_ metric: MetricReport.Metric) {
        let parts = metric.name.split(separator: ".")
        if parts.count == 3 {
            let words = parts[2].replacing("_", with: " ")
            self.init(
                metric.name, "\(words.prefix(1).uppercased())\(words.dropFirst())/\(parts[0]).\(parts[1])", metric.value
            )
        } else {
            self.init(metric.name, Self.tags[metric.name], metric.value)
        }
    }

    /// Norm and variance of W of every layer.
    static func weights(of network: ReversibleNetwork<Float>) -> [LogValue] {
        LayerDiagnostics.all(network, direction: network.parameters, evidence: []).flatMap { layer in
            [
                LogValue(.init("\(layer.layer).weight_norm", layer.weightNorm)),
                LogValue(.init("\(layer.layer).weight_variance", layer.weightVariance)),
            ]
        }
    }

    /// The most memory that the process has had so far.
    static var peakMemory: LogValue {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            let bytes = Double(usage.ru_maxrss) * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            let bytes = Double(usage.ru_maxrss)
        #endif
        return LogValue("peak_memory", "Peak memory", bytes / 0x1p20)
    }
}
