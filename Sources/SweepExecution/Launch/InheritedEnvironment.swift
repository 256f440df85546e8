import Foundation
import Subprocess
import TrialProtocol

/// This process's own environment, as trainers inherit it: byte for byte, even where it is not UTF-8.
///
/// Foundation repairs what is not UTF-8 in it. A path in another encoding would then name a file that does not exist.
enum InheritedEnvironment {
    /// One variable of this process.
    private struct Entry: Sendable {
        let name: String
        /// `NAME=VALUE`, then a NUL.
        let bytes: [UInt8]
    }

    /// The environment does not change while the planner runs, so it is read once and not for every trainer.
    private static let entries: [Entry] = {
        let environment = ProcessInfo.processInfo.environment
        var exact: [String: [UInt8]] = [:]
        let whole = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/self/environ"))) ?? Data()
        for entry in whole.split(separator: 0) where String(validating: entry, as: UTF8.self) == nil {
            exact[String(decoding: entry.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)] = entry + [0]
        }
        // This planner may itself run as a trainer in another sweep. The variables of that trial are not passed on:
        // they would describe the wrong trial. Variables whose names begin with a digit, which no shell can set, are
        // dropped because with one of them no trainer could be started.
        let names = Set(environment.keys).union(exact.keys).subtracting(TrialVariable.allCases.map(\.rawValue))
            .filter { !$0.isEmpty && !($0.first?.isNumber ?? false) }
        return names.sorted().map { name in
            Entry(name: name, bytes: exact[name] ?? bytes(name, environment[name] ?? ""))
        }
    }()

    /// A variable in the form of `environ`.
    private static func bytes(_ name: String, _ value: String) -> [UInt8] { Array("\(name)=\(value)\0".utf8) }

    /// The inherited environment, in which the variables given for a trainer replace those of the same name.
    static func overlaid(with given: [String: String]) -> Environment {
        let kept = entries.filter { given[$0.name] == nil }.map(\.bytes)
        return .custom(kept + given.map { bytes($0, $1) })
    }
}
