import Foundation
import TestSupport
import Testing

/// The rooms of the house and the arrows between them, as `Sources/README.md` draws them.
@Suite struct ImportTests {
    /// Which of our own modules each module may import. A module that is not listed fails the test.
    private static let own: [String: Set<String>] = [
        // Level 0 imports none of ours, but for what samplers and pruners calculate with, and strings of JSON.
        "LinearAlgebra": [],
        "RandomStreams": [],
        "Statistics": [],
        "Files": ["JSONWriting"],
        "About": [],
        "EventFiles": [],
        "JSONWriting": [],
        "ReportFormat": [],
        "TerminalDrawing": ["JSONWriting"],
        "TrialProtocol": ["JSONWriting"],
        "ConfigFile": ["JSONWriting"],
        "SweepSearch": ["LinearAlgebra", "RandomStreams", "Statistics"],
        "EarlyStopping": ["Statistics"],
        // Level 1 rests on level 0.
        "Tables": ["TerminalDrawing"],
        "Plots": ["JSONWriting"],
        "ReversibleCore": ["LinearAlgebra", "RandomStreams"],
        "Datasets": ["Files", "LinearAlgebra", "RandomStreams"],
        "SweepModel": ["EarlyStopping", "SweepSearch", "JSONWriting", "TrialProtocol"],
        "SweepExecution": ["Files", "TrialProtocol"],
        // Level 2 rests on level 1.
        "SweepFile": ["ConfigFile", "EarlyStopping", "Files", "SweepModel", "SweepSearch", "TrialProtocol"],
        "ImportanceAnalysis": ["SweepModel", "SweepSearch", "RandomStreams"],
        "SweepStore": ["Files", "SweepModel", "SweepSearch", "TrialProtocol"],
        "Training": [
            "ReversibleCore", "Datasets", "EventFiles", "Files", "LinearAlgebra", "RandomStreams", "ConfigFile",
            "JSONWriting", "TrialProtocol",
        ],
        "RepresentationAnalysis": [
            "Plots", "Training", "ReversibleCore", "Datasets", "LinearAlgebra", "RandomStreams", "JSONWriting",
            "Tables",
        ],
        // Level 3 composes.
        "SweepEngine": [
            "SweepFile", "SweepStore", "SweepExecution", "SweepModel", "SweepSearch", "EarlyStopping", "RandomStreams",
            "JSONWriting", "TrialProtocol", "ConfigFile", "Files",
        ],
        "SweepConversion": ["SweepExchange", "SweepFile", "SweepModel", "SweepSearch", "ConfigFile", "Files"],
        "SweepReport": [
            "EarlyStopping", "ImportanceAnalysis", "SweepFile", "SweepStore", "SweepModel", "SweepSearch",
            "Files", "JSONWriting", "Statistics", "Tables", "TerminalDrawing", "TrialProtocol", "ConfigFile",
        ],
        "SweepScreen": [
            "ImportanceAnalysis", "SweepReport", "SweepFile", "SweepStore", "SweepModel", "SweepSearch",
            "TerminalDrawing", "TrialProtocol",
        ],
        "SweepExchange": [
            "SweepFile", "SweepStore", "SweepModel", "SweepSearch", "EventFiles", "Files", "Tables",
            "ConfigFile", "JSONWriting", "ReportFormat",
        ],
        "SweepPage": [
            "ImportanceAnalysis", "Plots", "SweepExchange", "SweepReport", "SweepFile", "SweepStore", "SweepModel",
            "SweepSearch", "ConfigFile", "Files", "ReportFormat",
        ],
        "SweepServer": [
            "Plots", "SweepPage", "SweepReport", "SweepExecution", "SweepFile", "SweepStore", "SweepModel",
            "ConfigFile",
            "Files", "JSONWriting", "TrialProtocol",
        ],
        "PaperReproduction": ["Training", "Plots", "Tables"],
        "TrainingDisplay": ["Files", "TerminalDrawing", "Training", "TrialProtocol"],
        // Level 4: programs parse arguments and wire.
        "revmlp": [
            "About", "Plots", "Training", "TrainingDisplay", "Datasets", "Files", "RepresentationAnalysis",
            "ConfigFile",
            "TerminalDrawing",
        ],
        "revsweep": [
            "About", "ImportanceAnalysis", "Plots", "SweepEngine", "SweepPage", "SweepReport", "SweepScreen",
            "SweepServer", "SweepExchange",
            "SweepFile",
            "SweepStore",
            "SweepModel", "SweepSearch", "SweepConversion", "SweepExecution", "ConfigFile", "Files", "TerminalDrawing",
            "TrialProtocol",
        ],
    ]

    /// Every outside library has one door.
    private static let doors: [String: Set<String>] = [
        "COpenBLAS": ["LinearAlgebra"],
        "CElementwise": ["ReversibleCore"],
        "CZlib": ["Datasets", "ReportFormat", "SweepServer"],
        "CCurl": ["Datasets"],
        "CYAML": ["ConfigFile"],
        // Besides our own database there is that of Optuna, which is read and written.
        "GRDB": ["SweepStore", "SweepExchange"],
        // SQLite as GRDB has it, for columns that are read without a value of GRDB's for each.
        "GRDBSQLite": ["SweepStore"],
        "Subprocess": ["SweepExecution"],
        "SystemPackage": ["SweepExecution"],
        "Hummingbird": ["SweepServer"],
        "HummingbirdCore": ["SweepServer"],
        "ArgumentParser": ["revmlp", "revsweep"],
    ]

    /// What any module may import: the system, and elementary functions, which the standard library lacks.
    private static let system: Set = ["Foundation", "Glibc", "Dispatch", "Synchronization", "RealModule"]

    @Test func `every import is one that the house allows`() throws {
        let sources = Project.root.appendingPathComponent("Sources")
        var modules = Set<String>()
        for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where path.hasSuffix(".swift") {
            let module = String(path.prefix { $0 != "/" })
            modules.insert(module)
            let allowed = try #require(Self.own[module], "Sources/\(module) is not in the table")
            let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
            for line in text.split(separator: "\n") {
                // The text of a command, `revsweep import`, is no import.
                let pattern = /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?!revsweep)\w+\s+)?import\s+(?:\w+\s+)?(\w+)/
                guard let name = try pattern.firstMatch(in: line).map({ String($0.1) }) else { continue }
                let isAllowed =
                    allowed.contains(name) || Self.system.contains(name) || Self.doors[name]?.contains(module) ?? false
                #expect(isAllowed, "Sources/\(path) imports \(name)")
            }
        }
        #expect(modules == Set(Self.own.keys))
    }

    /// It holds for the whole process, of which a sampler or a network is a part only.
    @Test func `only a program says how many threads compute`() throws {
        let sources = Project.root.appendingPathComponent("Sources")
        let setters = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { path in
            guard path.hasSuffix(".swift") else { return false }
            let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
            return text.contains("BLASThreads.set(")
        }
        // Called by the programs, as their configuration has it.
        #expect(setters == ["Training/Run/Threads.swift"])
    }

    @Test func `no source file has grown beyond one subject`() throws {
        for folder in ["Sources", "Tests"] {
            let directory = Project.root.appendingPathComponent(folder)
            for path in try FileManager.default.subpathsOfDirectory(atPath: directory.path)
            where path.hasSuffix(".swift") {
                let text = try String(contentsOf: directory.appendingPathComponent(path), encoding: .utf8)
                let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
                #expect(count <= 500, "\(folder)/\(path) has \(count) lines")
            }
        }
    }
}
