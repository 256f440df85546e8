import Foundation
import JSONWriting
import SweepModel
import SweepSearch

/// What a trainer that was written for Weights & Biases needs to run unchanged, without an account or a network.
///
/// wandb takes the values of a sweep's run from the file that `WANDB_SWEEP_PARAM_PATH` names, in offline mode too. What
/// the trainer logs would stay in wandb's own files; a `sitecustomize.py` on PYTHONPATH prints it as reports as well.
///
///     WandBClient(isNested: false).files(for: [("lr", .number(1e-5))])["wandb.yaml"]
///     // wandb_version: 1
///     // "lr": {"value": 1.0e-05}
struct WandBClient {
    let isNested: Bool

    private static let valuesName = "wandb.yaml"

    /// The files that it puts into the folder of a trial, by name.
    ///
    /// - Parameter parameters: the active ones with their values.
    func files(for parameters: [(name: String, value: ParameterValue)]) -> [String: String] {
        let lines = (isNested ? ParameterValue.nested(parameters) : parameters).map { name, value in
            "\(JSONText.quoted(name)): {\"value\": \(Self.yaml(value))}\n"
        }
        return [
            Self.valuesName: "wandb_version: 1\n" + lines.joined(),
            "sitecustomize.py": String(decoding: PackageResources.sitecustomize_py, as: UTF8.self),
        ]
    }

    /// The variables that it sets for a trial.
    func environment(sweep: String, trial: Int, directory: String) -> [String: String] {
        [
            "WANDB_MODE": "offline", "WANDB_SWEEP_PARAM_PATH": "\(directory)/\(Self.valuesName)",
            "WANDB_DIR": directory, "WANDB_RUN_GROUP": sweep, "WANDB_NAME": "\(sweep)-\(trial)",
        ]
    }

    /// The search path of Python's modules with the folder of a trial before what it was.
    func pythonPath(_ directory: String, before former: String?) -> String {
        guard let former, !former.isEmpty else { return directory }
        return "\(directory):\(former)"
    }

    /// A value as the YAML that wandb's reader takes for the same value: JSON, but numbers as YAML 1.1 has them, where
    /// `1e-05` would be text.
    private static func yaml(_ value: ParameterValue) -> String {
        switch value {
        case .number(let number):
            if number.isNaN { return ".nan" }
            if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
            let text = number.description
            guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
            return "\(text[..<exponent]).0\(text[exponent...])"
        case .list(let elements): return "[\(elements.map(yaml).joined(separator: ", "))]"
        case .mapping(let entries):
            return "{\(entries.map { "\(JSONText.quoted($0.key)): \(yaml($0.value))" }.joined(separator: ", "))}"
        case .null, .boolean, .integer, .largeInteger, .string: return value.json(.spaced)
        }
    }
}
