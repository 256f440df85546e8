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
                "params": function.space.parameters.map(\.asJSON),
            ] as [String: Any]
        }
        let data = try JSONSerialization.data(withJSONObject: functions, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
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
        let params: [String: JSONScalar]
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
