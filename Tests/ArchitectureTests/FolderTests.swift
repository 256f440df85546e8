import Foundation
import TestSupport
import Testing

/// The order of the folders inside the big modules, and of the files inside some of them.
@Suite struct FolderTests {
    /// Which folders of its module the code of a folder may use; `.` is the module's own folder. One that is not listed
    /// fails the test.
    private static let folders: [String: [String: Set<String>]] = [
        "SweepSearch": [
            "Parameters": [],
            "Constraints": ["Parameters"],
            "Space": ["Parameters", "Constraints"],
            "Objectives": [],
            "History": ["Parameters", "Space", "Objectives"],
            "Samplers": ["Parameters", "Space", "History"],
            "Samplers/Sobol": ["Parameters", "Space", "History", "Samplers"],
            "Samplers/TPE": ["Parameters", "Space", "History", "Samplers", "Samplers/Sobol"],
            "Samplers/CMAES": ["Parameters", "Space", "History", "Samplers", "Samplers/Sobol", "Samplers/TPE"],
            "Samplers/GaussianProcess/Process": ["Space", "Samplers"],
            "Samplers/GaussianProcess/Fitting": [
                "Parameters", "Space", "History", "Samplers", "Samplers/GaussianProcess/Process",
            ],
            "Samplers/GaussianProcess/Acquisition": [
                "Parameters", "Space", "History", "Samplers", "Samplers/GaussianProcess/Process",
                "Samplers/GaussianProcess/Fitting",
            ],
            "Samplers/GaussianProcess": [
                "Parameters", "Space", "History", "Samplers", "Samplers/Sobol", "Samplers/TPE",
                "Samplers/GaussianProcess/Process", "Samplers/GaussianProcess/Fitting",
                "Samplers/GaussianProcess/Acquisition",
            ],
            "Samplers/Objectives": [
                "Parameters", "Space", "History", "Objectives", "Samplers", "Samplers/Sobol", "Samplers/TPE",
                "Samplers/GaussianProcess/Process", "Samplers/GaussianProcess/Fitting",
                "Samplers/GaussianProcess/Acquisition",
            ],
            "Samplers/Auto": [
                "Space", "History", "Samplers", "Samplers/TPE", "Samplers/GaussianProcess",
                "Samplers/GaussianProcess/Fitting",
            ],
            "Surrogate": [
                "Parameters", "Space", "History", "Samplers", "Samplers/Sobol", "Samplers/GaussianProcess/Process",
                "Samplers/GaussianProcess/Fitting",
            ],
        ],
        "Training": [
            "Config": [],
            "Weights": [],
            "Learning": ["Config"],
            "Logs": ["Config", "Weights", "Learning"],
            "Folder": ["Config", "Weights", "Learning"],
            "Run": ["Config", "Learning", "Logs", "Folder"],
        ],
        "ReversibleCore": ["Kernels": [], "Network": ["Kernels"], "Step": ["Kernels", "Network"]],
        "SweepEngine": [
            "Planning": [], "Trials": ["Planning"], "Run": ["Planning", "Trials"], "Opening": ["Planning", "Trials"],
            "Checking": ["Trials"],
        ],
        "SweepFile": [
            "Readers/Commands": [], "Readers/Parameters": [], "Readers": ["Readers/Commands", "Readers/Parameters"],
            ".": ["Readers", "Readers/Commands"], "Drafting": [],
        ],
        "SweepModel": [
            "Values": [], "Trials": [], "Commands": ["Trials", "Values"], ".": ["Commands", "Trials", "Values"],
        ],
        "SweepStore": ["Schema": [], "Reading": ["Schema", "."], ".": ["Schema"]],
        "SweepExchange": [".": [], "Optuna": ["."], "Importing": [".", "Optuna"], "TensorBoard": []],
        "SweepScreen": [
            "Input": [], "Reading": [], "State": ["Input", "Reading"], "Panes": ["Reading", "State"],
            ".": ["Panes", "State"],
        ],
        "SweepReport": [
            "Text": [], "Best": ["Text"], ".": ["Text", "Best"], "Trials": ["Text", "."],
            "Explaining": ["Text", "Best", ".", "Trials"], "Watching": [], "Confirming": ["Text", "Best"],
        ],
        "SweepPage": [
            "Reading": [], "Document": ["Reading"], "Pictures": ["Reading"], "Live": ["Reading", "Document"],
            ".": ["Reading", "Document", "Pictures"],
        ],
        "SweepServer": [
            "Access": [], "Answers": ["Access"], "Sweeps": ["Access", "Answers"], "Pages": ["Access", "Answers"],
            ".": ["Access", "Answers", "Sweeps", "Pages"],
        ],
        "LinearAlgebra": ["Matrices": [], "Solvers": ["Matrices"], "Threads": ["Matrices"]],
        "Datasets": ["Samples": [], "Names": ["Samples"], "Formats": ["Names", "Samples"], "Fetching": ["Names"]],
        "revsweep": [
            "Process": [], "Sweeps": ["Process"], "Commands": ["Process", "Sweeps"],
            "Commands/Reading": ["Process", "Sweeps"], ".": ["Commands", "Commands/Reading", "Process"],
        ],
    ]

    /// Modules in which no files use each other's types, directly or around several corners.
    private static let withoutCircles = ["SweepEngine", "Training"]

    @Test(arguments: folders.keys.sorted())
    func `each folder uses only the folders that it may`(module: String) throws {
        let files = try SourceFile.all(in: module)
        let allowed = try #require(Self.folders[module])
        #expect(Set(files.map(\.folder)) == Set(allowed.keys), "the folders of \(module)")
        for user in files {
            for used in files where used.folder != user.folder {
                let names = used.declared.intersection(user.words).sorted()
                let isAllowed = names.isEmpty || allowed[user.folder]?.contains(used.folder) ?? false
                #expect(isAllowed, "\(module)/\(user.path) uses \(names) of \(used.path)")
            }
        }
    }

    @Test(arguments: withoutCircles)
    func `no files form a circle`(module: String) throws {
        let files = try SourceFile.all(in: module)
        var uses: [String: Set<String>] = [:]
        for user in files {
            uses[user.path] = Set(
                files.filter { used in
                    used.path != user.path && !used.isPart(of: user) && !used.declared.isDisjoint(with: user.words)
                }.map(\.path))
        }
        // What is left when every file that uses none of the others is taken away, again and again, is circles and what
        // rests on them.
        while let free = uses.first(where: { $0.value.isEmpty })?.key {
            uses[free] = nil
            for path in uses.keys { uses[path]?.remove(free) }
        }
        for path in uses.keys.sorted() {
            Issue.record("\(module)/\(path) uses \(uses[path]?.sorted() ?? []), and is in a circle or rests on one")
        }
    }

    @Test func `comments and texts are no code, and what a text inserts is`() {
        let code = SourceFile.code(
            #"""
            let a = "Text \(Inserted(b: "Inner")) \" Text" // Comment
            /* Block /* Nested */ Block */ let c = """
                Text \(Second.value)
                """
            /// Comment
            let e = /Pattern/
            """#)
        let words = SourceFile.words(code)
        #expect(words.isSuperset(of: ["let", "a", "b", "c", "e", "Inserted", "Second", "value"]))
        #expect(words.isDisjoint(with: ["Text", "Inner", "Comment", "Block", "Nested"]))
        #expect(
            SourceFile.declared(
                """
                public struct One<T> {
                    struct Nested {}
                }
                private enum Hidden {}
                package final class Two: Three {}
                extension Four { enum Five {} }
                typealias Six = One<Int>
                """) == ["One", "Two", "Six"])
    }
}

/// A file of a module, as far as its types and those that it names go.
private struct SourceFile {
    /// Below the module's folder.
    var path: String
    /// The types that are declared at its outermost level, and can be named in other files.
    var declared: Set<String>
    /// Every word of its code.
    var words: Set<String>

    var folder: String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private var name: Substring { path.split(separator: "/").last?.dropLast(6) ?? "" }

    /// Whether this is `Type+Part.swift` and the other `Type.swift`.
    func isPart(of other: SourceFile) -> Bool { name.hasPrefix(other.name + "+") }

    static func all(in module: String) throws -> [SourceFile] {
        let folder = Project.path("Sources/\(module)")
        return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }.sorted()
            .map { path in
                let code = code(try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8))
                return SourceFile(path: path, declared: declared(code), words: words(code))
            }
    }

    static func words(_ code: String) -> Set<String> {
        Set(code.matches(of: /[A-Za-z_]\w*/).map { String($0.0) })
    }

    /// Declarations at the beginning of a line are those of the outermost level, as the formatter has them.
    static func declared(_ code: String) -> Set<String> {
        let pattern =
            #/
            ^(?:@\w+(?:\([^)\n]*\))?\ )*
            (?:(?:public|package|internal|final|indirect)\ )*
            (?:struct|class|enum|actor|protocol|typealias)\ (\w+)
            /#
        return Set(code.matches(of: pattern.anchorsMatchLineEndings()).map { String($0.1) })
    }

    /// A text without comments, and without strings but for the code that these insert.
    static func code(_ text: String) -> String {
        var scanner = CodeScanner(rest: text[...])
        scanner.readCode(until: nil)
        return scanner.code
    }
}

/// Takes comments and the words of strings out of Swift code; strings with `#` and regular expressions are left in.
private struct CodeScanner {
    var rest: Substring
    var code = ""

    /// - Parameter end: the bracket that ends the code that a string inserts.
    mutating func readCode(until end: Character?) {
        var depth = 0
        while let next = rest.first {
            if rest.hasPrefix("//") {
                rest = rest.drop { $0 != "\n" }
            } else if rest.hasPrefix("/*") {
                skipBlock()
            } else if rest.hasPrefix("\"\"\"") {
                readString(delimiter: "\"\"\"")
            } else if next == "\"" {
                readString(delimiter: "\"")
            } else {
                if next == end && depth == 0 { return }
                if next == "(" { depth += 1 }
                if next == ")" { depth -= 1 }
                code.append(next)
                rest.removeFirst()
            }
        }
    }

    private mutating func skipBlock() {
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("*/") {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
            }
        } while depth > 0 && !rest.isEmpty
    }

    private mutating func readString(delimiter: String) {
        rest = rest.dropFirst(delimiter.count)
        while !rest.isEmpty && !rest.hasPrefix(delimiter) {
            if rest.hasPrefix("\\(") {
                rest = rest.dropFirst(2)
                code.append(" ")
                readCode(until: ")")
                rest = rest.dropFirst()
                code.append(" ")
            } else {
                rest = rest.dropFirst(rest.first == "\\" ? 2 : 1)
            }
        }
        rest = rest.dropFirst(delimiter.count)
    }
}
