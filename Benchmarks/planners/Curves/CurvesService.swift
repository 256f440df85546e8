import ArgumentParser
import Foundation
import SweepSearch

// The trainings for programs in other languages: `curves.py` runs other planners on them.

struct CurvesFunctionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "functions", abstract: "Prints every function's space and number of epochs as JSON.")

    func run() throws {
        let functions = CurveFunction.all.map { function in
            [
                "name": function.name, "epochs": CurveFunction.epochs,
                "params": function.space.parameters.map(\.asJSON),
            ] as [String: Any]
        }
        let data = try JSONSerialization.data(withJSONObject: functions, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }
}

struct CurvesEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract:
            "Reads lines of '{\"function\": …, \"params\": {…}}', answers each with a list: what the training reports "
            + "after each epoch; shorter where it diverges.")

    private struct Request: Decodable {
        let function: String
        let params: [String: JSONScalar]
    }

    func run() throws {
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            guard let function = try CurveFunction.chosen(request.function).first else { continue }
            let curve = function.curve(Assignment(request.params.mapValues(\.value), in: function.space))
            FileHandle.standardOutput.write(try JSONEncoder().encode(curve) + Data("\n".utf8))
        }
    }
}
