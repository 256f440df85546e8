import Foundation
import Subprocess
import TrialProtocol

/// This process's own environment, as trainers inherit it: byte for byte, whether or not it is UTF-8.
enum InheritedEnvironment {
    private struct Entry: Sendable {
        let name: String
        /// `NAME=VALUE` and a NUL.
        let bytes: [UInt8]
    }

    /// It does not change, so it is collected once and not for every trainer.
    private static let entries: [Entry] = {
        let environment = ProcessInfo.processInfo.environment
        var exact: [String: [UInt8]] = [:]
        let whole = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/self/environ"))) ?? Data()
        for entry in whole.split(separator: 0) where String(validating: entry, as: UTF8.self) == nil {
            exact[String(decoding: entry.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)] = entry + [0]
        }
        // A variable of a trial that this process may itself belong to says nothing of its trainers. Names that begin
        // with a digit, which no shell can make, would keep every trainer from being started.
        let names = Set(environment.keys).union(exact.keys).subtracting(TrialVariable.allCases.map(\.rawValue))
            .filter { !$0.isEmpty && !($0.first?.isNumber ?? false) }
        return names.sorted().map { name in
            Entry(name: name, bytes: exact[name] ?? bytes(name, environment[name] ?? ""))
        }
    }()

    private static func bytes(_ name: String, _ value: String) -> [UInt8] { Array("\(name)=\(value)\0".utf8) }

    /// What is inherited, and over it what a trainer is given.
    static func overlaid(with given: [String: String]) -> Environment {
        let kept = entries.filter { given[$0.name] == nil }.map(\.bytes)
        return .custom(kept + given.map { bytes($0, $1) })
    }
}
