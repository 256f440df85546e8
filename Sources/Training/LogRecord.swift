import Foundation
import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// What is logged of a batch or of an epoch.
///
/// | in CSV and JSON lines | in TensorBoard | |
/// |---|---|---|
/// | `batch_loss`, `batch_accuracy` | `batch/loss`, `batch/accuracy` | of a batch, before its step |
/// | `batch_loss_after` | `batch/loss after the step` | of the same batch |
/// | `train_loss`, `train_accuracy` | `train/loss`, `train/accuracy` | over an epoch's batches, before their steps |
/// | `val_loss`, `val_accuracy` | `validation/loss`, `validation/accuracy` | after an epoch |
/// | `percentage_loss_change` | `Percentage loss change per batch` | of a batch; of an epoch, their mean |
/// | `seconds` | | of the batch, or of the epoch's batches |
/// | `seconds_total` | `Time excluding evaluation` | of all batches so far |
/// | `peak_memory` | `Peak memory` | of the process, in MiB |
/// | `weight_norm/0.f`, … | `Weight norm/0.f`, … | of W, without the bias |
/// | `weight_variance/0.f`, … | `Weight variance/0.f`, … | of the numbers of W |
struct LogRecord: Hashable, Sendable {
    var epoch: Int
    /// Of the epoch, from 1; `nil` for a record of the whole epoch.
    var batch: Int?
    /// Batches since the beginning of the run; of an epoch, those up to its end.
    var step: Int
    var values: [LogValue]
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

    var csvHeader: String { (places.map(\.name) + values.map(\.name)).joined(separator: ",") + "\n" }

    /// Numbers with the fewest digits that read back the same.
    var csvLine: String {
        (places.map { "\($0.value)" } + values.map { Self.text($0.value) }).joined(separator: ",") + "\n"
    }

    var jsonLine: String {
        let fields =
            places.map { "\"\($0.name)\": \($0.value)" }
            + values.map { "\(MetricReport.quoted($0.name)): \(Self.text($0.value))" }
        return "{\(fields.joined(separator: ", "))}\n"
    }

    /// As reports spell them; Python's readers of CSV and JSON know these words.
    private static func text(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : "\(value)"
    }
}

extension LogValue {
    /// Norm and variance of W of every layer.
    static func weights(of network: ReversibleNetwork<Float>) -> [LogValue] {
        network.parameters.coefficients.enumerated().flatMap { index, coefficients in
            let count = coefficients.count - (network.architecture.bias ? coefficients.columns : 0)
            var (sum, squares) = (0.0, 0.0)
            coefficients.withElements { elements in
                for index in 0..<count {
                    let value = Double(elements[index])
                    sum += value
                    squares += value * value
                }
            }
            let mean = sum / Double(count)
            let layer = "\(index / 2).\(index % 2 == 0 ? "f" : "g")"
            return [
                LogValue("weight_norm/\(layer)", "Weight norm/\(layer)", squares.squareRoot()),
                LogValue(
                    "weight_variance/\(layer)", "Weight variance/\(layer)", squares / Double(count) - mean * mean),
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
