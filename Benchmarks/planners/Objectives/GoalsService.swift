import ArgumentParser
import Foundation
import SweepSearch

// The functions with several objectives for programs in other languages: `goals.py` runs other planners on them.

struct GoalsFunctionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "functions", abstract: "Prints every function's space and number of objectives as JSON.")

    func run() throws {
        let functions = VectorFunction.all.map { function in
            [
                "name": function.name, "group": function.group.rawValue, "objectives": function.reference.count,
                "params": function.space.parameters.map(\.asJSON),
            ] as [String: Any]
        }
        let data = try JSONSerialization.data(withJSONObject: functions, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }
}

struct GoalsEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract:
            "Reads lines of '{\"function\": …, \"number\": …, \"params\": {…}}', answers each with the values, with by "
            + "how much bounds are exceeded, and with what the trials since number 0 miss.")

    private struct Request: Decodable {
        let function: String
        let number: Int
        let params: [String: JSONScalar]
    }

    private struct Answer: Encodable {
        let values: [Double]
        let excesses: [Double]
        let gap: Double
    }

    func run() throws {
        var trials = [ObjectiveVector]()
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            guard let function = VectorFunction.named(request.function) else {
                throw ValidationError("there is no function '\(request.function)' with several objectives or bounds")
            }
            if request.number == 0 { trials = [] }
            let assignment = Assignment(request.params.mapValues(\.value), in: function.space)
            let vector = function.value(Values(assignment))
            trials.append(vector)
            let answer = Answer(values: vector.values, excesses: vector.excesses, gap: function.gap(of: trials))
            FileHandle.standardOutput.write(try JSONEncoder().encode(answer) + Data("\n".utf8))
        }
    }
}
