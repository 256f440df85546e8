import ArgumentParser
import Foundation
import SweepStore

/// What the Tab key offers. The scripts that `--generate-completion-script` prints call the program back for these.
///
///     @Argument(help: "The sweep file.", completion: .sweepFiles) var file: String
extension CompletionKind {
    /// The sweeps below the results folder, or the paths of sweeps' folders.
    static var sweeps: CompletionKind { .custom { CompletedLine($0, at: $1, prefix: $2).sweeps() } }

    /// The numbers of the trials of the sweep that the line names before. Where it names none, the sweeps.
    static var trials: CompletionKind { .custom { CompletedLine($0, at: $1, prefix: $2).trials() } }

    /// Names separated by commas: those of a trial's own columns, of the sweep's parameters and of its metrics.
    static var columns: CompletionKind { .custom { CompletedLine($0, at: $1, prefix: $2).columns() } }

    /// Sweeps, and files with one of these extensions, or all files.
    static func sweeps(orFiles extensions: Set<String>?) -> CompletionKind {
        .custom { words, index, prefix in
            let line = CompletedLine(words, at: index, prefix: prefix)
            return line.sweeps() + line.files(extensions)
        }
    }

    static var sweepFiles: CompletionKind { .file(extensions: ["yaml", "yml"]) }
}

/// A command line on which the Tab key was pressed.
///
/// An answer must come at once, so nothing more than names, numbers and states is read, and a database that another
/// program holds is given up after half a second.
struct CompletedLine {
    private static let safe = "0123456789._-/+@%,".unicodeScalars
    private static let patience = Duration.milliseconds(500)

    /// The words behind the command, without the word to be completed. The command's own name may be that of a sweep,
    /// too.
    private let words: [String]
    /// The part of the word to be completed that is before the cursor.
    private let prefix: String
    private let shell = CompletionShell.requesting

    /// - Parameters:
    ///   - words: the line's words as they were typed, with their quotes, the program's first.
    ///   - index: which of them is to be completed.
    ///   - prefix: the part before the cursor of the last word. It says nothing where that is not the completed one.
    init(_ words: [String], at index: Int, prefix: String) {
        let isLast = index >= words.count - 1
        self.prefix = Self.unquoted(isLast ? prefix : words.indices.contains(index) ? words[index] : "")
        self.words = words.enumerated().filter { $0.offset > 1 && $0.offset != index }.map {
            Self.unquoted($0.element)
        }
    }

    /// The sweeps' names; where a path is being typed, the folders that are sweeps or lead to them.
    func sweeps() -> [String] {
        let named = folders(in: results).filter { SweepStore.exists(in: "\(results)/\($0)") }
        guard let slash = prefix.lastIndex(of: "/") else { return offer(named) }
        let parent = String(prefix[...slash])
        // Bash adds the slash by itself, as it takes all that is offered to be names of files.
        let end = shell == .bash ? "" : "/"
        return offer(
            folders(in: parent).map { SweepStore.exists(in: parent + $0) ? parent + $0 : parent + $0 + end })
    }

    /// The files in the folder whose path is being typed.
    ///
    /// - Parameter extensions: how their names may end; nil for anything.
    func files(_ extensions: Set<String>?) -> [String] {
        let parent = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        return offer(
            names(in: parent.isEmpty ? "." : parent, folders: false).map { parent + $0 }.filter { path in
                extensions?.contains(URL(fileURLWithPath: path).pathExtension) ?? true
            })
    }

    /// The numbers of the trials; in shells that show a text beside them, with their states and values.
    func trials() -> [String] {
        guard let store else { return sweeps() }
        let outlines = ((try? store.outlines()) ?? []).filter { "\($0.number)".hasPrefix(prefix) }
        let mark: String
        switch shell {
        case .zsh?: mark = ":"
        case .fish?: mark = "\t"
        default: return offer(outlines.map { "\($0.number)" })
        }
        return outlines.map { trial in
            let value = trial.value.map { String(format: " %.5g", $0) } ?? ""
            return "\(trial.number)\(mark)\(trial.state.rawValue)\(value)"
        }
    }

    /// The names that may follow the last comma, behind those that have been chosen.
    func columns() -> [String] {
        guard let store else { return [] }
        let chosen = prefix.split(separator: ",", omittingEmptySubsequences: false).dropLast().map(String.init)
        let parameters = (try? store.sweep().parameterNames) ?? []
        let example = try? store.lastTrial(preferably: .complete)
        let metrics =
            example.flatMap { try? store.lastMetrics(ofTrials: [$0.number])[$0.number]?.keys.map(\.self) } ?? []
        let fields = ["number", "state", "value", "seconds", "attempt", "reason", "started", "ended"]
        // Those that a parameter may hide.
        let further = ["origin", "source", "seed"].filter { !parameters.contains($0) }
        let names = fields + further + parameters + Set(metrics).sorted().map { "metric.\($0)" }
        let start = chosen.map { $0 + "," }.joined()
        return offer(names.filter { !chosen.contains($0) }.map { start + $0 })
    }

    /// The results folder that the line names, or the usual one.
    private var results: String {
        var folder = ResultsOption.usual
        for (index, word) in words.enumerated() {
            if word.hasPrefix("--results=") { folder = String(word.dropFirst("--results=".count)) }
            guard word == "--results" else { continue }
            // Bash makes three words of `--results=folder`.
            let next = words.dropFirst(index + 1)
            folder = (next.first == "=" ? next.dropFirst() : next).first ?? folder
        }
        return Self.expandingHome(folder)
    }

    /// The database of the first word that names a sweep.
    private var store: SweepStore? {
        let results = results
        let places = words.filter { !$0.hasPrefix("-") && !$0.isEmpty }
            .flatMap { ["\(results)/\($0)", Self.expandingHome($0)] }
        guard let place = places.first(where: { SweepStore.exists(in: $0) }) else { return nil }
        let end = ContinuousClock.now + Self.patience
        return try? SweepStore(readingSweepIn: place, HeldUp(isGivenUp: { ContinuousClock.now > end }))
    }

    private func folders(in path: String) -> [String] { names(in: path, folders: true) }

    /// The names in a folder, of folders or of everything else, without hidden ones, sorted.
    private func names(in path: String, folders: Bool) -> [String] {
        let path = Self.expandingHome(path)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            return !name.hasPrefix(".")
                && FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && isFolder.boolValue == folders
        }.sorted()
    }

    /// Those that continue the prefix and are safe.
    ///
    /// Bash expands what is offered once more, so that a folder named `$(reboot)` would be run. Only words of letters,
    /// digits and harmless signs are offered, whatever the shell.
    private func offer(_ words: [String]) -> [String] {
        words.filter { word in
            word.hasPrefix(prefix)
                && word.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || Self.safe.contains($0) }
        }
    }

    /// The word without its quotes and backslashes.
    private static func unquoted(_ word: String) -> String {
        var result = ""
        var isEscaped = false
        for character in word {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else {
                if isEscaped || (character != "'" && character != "\"") { result.append(character) }
                isEscaped = false
            }
        }
        return result
    }

    /// `~/sweeps` as an absolute path, which the shell has not made of it yet.
    private static func expandingHome(_ path: String) -> String {
        path == "~" || path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path
    }
}
