import Foundation
import LinearAlgebra
import ReversibleCore

// corebench step --d 784 …          one kind of step in this process, a line of JSON
// corebench compare PYTHON PEER N   rows of the table of Benchmarks/core.md, for the size with number N from 0
// corebench operations              what a step is made of, each operation by itself
// corebench depth                   memory by depth and by how activations are kept
// corebench threads                 what it costs to share tasks among threads

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
case "operations":
    let peak = MachinePeak.measured()
    OperationTable.printHead()
    for (features, blocks, hidden, batch) in Comparison.sizes {
        let setting = StepCase(features: features, blocks: blocks, hidden: hidden, batch: batch)
        try OperationTable(setting: setting, threads: 2, peak: peak).printRows()
    }
case "depth": try printMemoryByDepth()
case "threads": printHandOver()
default:
    print(
        """
        usage: corebench step [--d D] … | corebench compare PYTHON PEER N | corebench operations | corebench depth |
               corebench threads
        """)
}

/// What a step plans by how activations are kept, from 2 to 64 blocks.
func printMemoryByDepth() throws {
    let kinds = [ActivationMemory.reverse, .recompute, .keep]
    print("| blocks | \(kinds.map { "`\($0.rawValue)`, MB" }.joined(separator: " | ")) | parameters, MB |")
    print("|---|---|---|---|---|")
    for blocks in [2, 4, 8, 16, 32, 64] {
        var cells = ["\(blocks)"]
        var parameters = 0
        for kind in kinds {
            let setting = StepCase(features: 784, blocks: blocks, hidden: 1000, batch: 512, activations: kind)
            let times = try measure(setting, steps: 1)
            cells.append(String(format: "%.1f", Double(times.plannedBytes) / 1e6))
            parameters = times.parameterBytes
        }
        cells.append(String(format: "%.1f", Double(parameters) / 1e6))
        print("| \(cells.joined(separator: " | ")) |")
    }
}
