import ArgumentParser
import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// `revsweep enqueue`: has a sweep try given values next, also while it runs.
///
///     revsweep enqueue digits lr=1e-3
///
///     it will be tried next
///     next: revsweep resume digits
///
/// The second line is there if the sweep does not run; if its budget is used up, lines say what to write into the file.
struct EnqueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enqueue", abstract: "Has a sweep try these values next, also while it runs.",
        discussion: """
            revsweep enqueue digits optimizer.name=adam optimizer.learning_rate=1e-3

            Parameters that are not given are sampled. The trial counts like any other of the budget.
            """)

    @OptionGroup var sweep: SweepArgument
    @Argument(help: "The values: NAME=VALUE, each as in a sweep file.") var values: [String]

    /// Checks the values against the stored file and puts them into the database, where a running planner finds them.
    /// The sweep's lock is not taken: a planner may hold it.
    ///
    /// - Throws: `UserError` if a value is not legal in the sweep; nothing has then been stored.
    func run() throws {
        let directory = try sweep.directory()
        let stored = try StoredSweep(in: directory)
        let space = stored.file.sweep.space
        var given: [String: ParameterValue] = [:]
        for (name, value) in try values.map({ try Self.value($0, in: space) }) {
            if given.updateValue(value, forKey: name) != nil {
                throw UserError(message: "'\(name)' is given twice")
            }
        }
        let problems = space.problems(withPartial: given)
        if !problems.isEmpty { throw UserError(message: problems.map { "\($0)" }.joined(separator: "\nerror: ")) }
        try SweepStore.enqueue(
            [Assignment(given, namesInOrder: space.parameters.map(\.name))], in: directory, at: Date())
        // A running planner may have taken it already.
        let before = max(0, try stored.store.queued().count - 1)
        try Console.print(
            before == 0
                ? "it will be tried next"
                : before == 1 ? "1 other will be tried before it" : "\(before) others will be tried before it")
        for line in try QueueAdvice(stored).lines(for: sweep) { try Console.print(line) }
    }

    /// A parameter's name and value from `NAME=VALUE`.
    ///
    /// - Throws: `UserError` for an unknown parameter, or a value that it cannot have.
    private static func value(_ text: String, in space: SearchSpace) throws -> (name: String, value: ParameterValue) {
        guard let sign = text.firstIndex(of: "=") else {
            throw UserError(message: "'\(text)' is no NAME=VALUE")
        }
        let name = String(text[..<sign])
        let word = String(text[text.index(after: sign)...])
        guard let parameter = space[name] else {
            throw UserError(
                message: "'\(name)' is not a parameter of this sweep",
                help: nearestName(to: name, among: space.parameters.map(\.name)).map { "did you mean '\($0)'?" })
        }
        // A text that is not YAML is taken as a string. So is one that the parameter does not allow as YAML reads it:
        // for a choice of the strings "1" and "2", 1 is the string.
        let node = try? ConfigDocument(parsing: SourceFile(path: name, text: word)).root
        let value = node.flatMap { ParameterValue($0) } ?? .string(word)
        let candidates = [value, .string(word)]
        guard let legal = candidates.lazy.compactMap(parameter.distribution.legalForm(of:)).first else {
            throw UserError(message: "'\(name)' cannot be '\(word)'", help: "it is \(parameter.distribution)")
        }
        return (name, legal)
    }
}
