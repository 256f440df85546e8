import Foundation
import LinearAlgebra
import ReversibleCore

// corebench step --d 784 …          one kind of step in this process, a line of JSON
// corebench compare PYTHON PEER N   rows of the table of Benchmarks/core.md, for the size with number N from 0
// corebench depth                   memory by depth

/// The value after each name.
func options(_ arguments: some Sequence<String>) -> [String: String] {
    var (values, name): ([String: String], String?) = ([:], nil)
    for argument in arguments {
        if let known = name {
            values[known] = argument
            name = nil
        } else {
            name = argument
        }
    }
    return values
}

func step(_ options: [String: String]) throws {
    func number(_ name: String, _ value: Int) -> Int { options[name].flatMap { Int($0) } ?? value }
    var setting = StepCase()
    setting.features = number("--d", setting.features)
    setting.blocks = number("--blocks", setting.blocks)
    setting.hidden = number("--hidden", setting.hidden)
    setting.batch = number("--batch", setting.batch)
    setting.optimizer = options["--optimizer"] ?? setting.optimizer
    setting.activations = options["--activations"].flatMap { .init(rawValue: $0) } ?? setting.activations
    setting.activation = options["--activation"].flatMap { .init(rawValue: $0) } ?? setting.activation
    BLASThreads.set(number("--threads", 2))
    let times = try measure(setting, steps: number("--steps", 5))
    print(String(decoding: try JSONEncoder().encode(times), as: UTF8.self))
}

let words = CommandLine.arguments.dropFirst()
switch words.first {
case "step": try step(options(words.dropFirst()))
case "compare" where words.count == 4:
    let (python, peer) = (words[words.startIndex + 1], words[words.startIndex + 2])
    guard let index = Int(words[words.startIndex + 3]), Comparison.sizes.indices.contains(index) else {
        print("corebench: the sizes have the numbers 0 to \(Comparison.sizes.count - 1)")
        exit(1)
    }
    try Comparison(python: python, peer: peer, steps: 5, rounds: 2).run(index)
case "depth":
    print("| blocks | planned for a step, MB | parameters, MB |\n|---|---|---|")
    for blocks in [2, 4, 8, 16, 32, 64] {
        let setting = StepCase(features: 784, blocks: blocks, hidden: 1000, batch: 512, activations: .reverse)
        let times = try measure(setting, steps: 1)
        print(
            "| \(blocks) | \(String(format: "%.1f", Double(times.plannedBytes) / 1e6))",
            "| \(String(format: "%.1f", Double(times.parameterBytes) / 1e6)) |")
    }
default: print("usage: corebench step [--d D] … | corebench compare PYTHON PEER N | corebench depth")
}
