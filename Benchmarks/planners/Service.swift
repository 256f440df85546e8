import ArgumentParser
import Foundation
import RandomStreams
import SweepSearch

// The functions for programs in other languages: `peers.py` runs other planners on them.

struct FunctionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "functions", abstract: "Prints every function's space and optimum as JSON.")

    func run() throws {
        let functions = BenchFunction.all.map { function in
            [
                "name": function.name, "group": function.group.rawValue, "optimum": function.optimum,
                "params": function.space.parameters.map(described),
            ] as [String: Any]
        }
        let data = try JSONSerialization.data(withJSONObject: functions, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }

    private func described(_ parameter: Parameter) -> [String: Any] {
        var fields: [String: Any] =
            switch parameter.distribution {
            case .real(.linear, let min, let max): ["type": "float", "low": min, "high": max]
            case .real(.logarithmic, let min, let max): ["type": "float", "low": min, "high": max, "log": true]
            case .integer(let min, let max, _, let log): ["type": "int", "low": min, "high": max, "log": log]
            case .choice(let values, _), .ordinal(let values): ["type": "categorical", "choices": values.map(plain)]
            case .real, .quantized: ["type": "no function has one"]
            }
        fields["name"] = parameter.name
        fields["when"] = parameter.conditions.map { condition in
            let test: [String: Any] =
                switch condition.test {
                case .equals(let value): ["in": [plain(value)]]
                case .isOneOf(let values): ["in": values.map(plain)]
                case .comparison(let comparison, let bound): ["comparison": comparison.rawValue, "bound": bound]
                }
            return test.merging(["parent": condition.parameter]) { $1 }
        }
        return fields
    }

    private func plain(_ value: ParameterValue) -> Any {
        switch value {
        case .integer(let integer): integer
        case .number(let number): number
        case .string(let string): string
        case .boolean(let boolean): boolean
        case .largeInteger, .null, .list, .mapping: value.description
        }
    }
}

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract:
            "Reads lines of '{\"function\": …, \"seed\": …, \"number\": …, \"params\": {…}}', answers each with the "
            + "observed and the exact value.")

    private struct Request: Decodable {
        let function: String
        let seed: UInt64
        let number: UInt64
        let params: [String: Scalar]
    }

    private struct Scalar: Decodable {
        let value: ParameterValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let integer = try? container.decode(Int.self) {
                value = .integer(integer)
            } else if let number = try? container.decode(Double.self) {
                value = .number(number)
            } else {
                value = .string(try container.decode(String.self))
            }
        }
    }

    func run() throws {
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            guard let function = BenchFunction.named(request.function) else {
                throw ValidationError("there is no function '\(request.function)'")
            }
            let assignment = Assignment(request.params.mapValues(\.value), in: function.space)
            var noise = RandomStream(seed: request.seed, stream: 3, request.number)
            let (observed, exact) = function.measure(assignment, using: &noise)
            FileHandle.standardOutput.write(Data("\(observed) \(exact)\n".utf8))
        }
    }
}
