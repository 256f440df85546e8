// swift-tools-version: 6.3

import PackageDescription

// Continuous integration builds with warnings as errors; a newer compiler must not break a user's build.
let strictness: [SwiftSetting] =
    Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

func library(_ name: String, _ dependencies: Target.Dependency..., resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strictness)
}

func program(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strictness)
}

func tests(_ name: String, _ dependencies: Target.Dependency..., resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strictness)
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let real = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "revsweep",
    products: [
        .executable(name: "revsweep", targets: ["revsweep"]),
        .executable(name: "revmlp", targets: ["revmlp"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0", traits: []),
    ],
    targets: [
        // MARK: Level 0: import none of ours
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CElementwise"),
        .systemLibrary(name: "CCurl"),
        library("LinearAlgebra", "COpenBLAS"),
        library("RandomStreams"),
        library("Statistics"),
        library("Files", "JSONWriting"),
        .target(name: "About", swiftSettings: strictness, plugins: ["BuildCommit"]),
        library("EventFiles"),
        library("JSONWriting"),
        library("TerminalDrawing", "JSONWriting"),
        library("TrialProtocol", "JSONWriting"),
        library("ConfigFile", "CYAML", "JSONWriting"),
        library("SweepSearch", "LinearAlgebra", "RandomStreams", "Statistics", real),
        library("EarlyStopping", "Statistics"),
        library("ReportFormat", "CZlib"),

        // MARK: Level 1: rest on level 0
        library("Tables", "TerminalDrawing"),
        library("Plots", "JSONWriting"),
        library("ReversibleCore", "CElementwise", "LinearAlgebra", "RandomStreams", real),
        library(
            "Datasets", "CCurl", "CZlib", "Files", "LinearAlgebra", "RandomStreams", real,
            resources: [.copy("Resources/digits")]),
        library("SweepModel", "EarlyStopping", "SweepSearch", "JSONWriting", "TrialProtocol"),
        library("SweepExecution", "Files", "TrialProtocol", subprocess, system),

        // MARK: Level 2: rest on level 1
        library("SweepFile", "ConfigFile", "EarlyStopping", "Files", "SweepModel", "SweepSearch", "TrialProtocol"),
        library("ImportanceAnalysis", "SweepModel", "SweepSearch", "RandomStreams"),
        library("SweepStore", "Files", "SweepModel", "SweepSearch", "TrialProtocol", database, sqlite),
        library(
            "Training", "ReversibleCore", "Datasets", "EventFiles", "Files", "LinearAlgebra", "RandomStreams",
            "ConfigFile", "JSONWriting", "TrialProtocol", real),
        library(
            "RepresentationAnalysis", "Plots", "Training", "ReversibleCore", "Datasets", "LinearAlgebra",
            "RandomStreams", "JSONWriting", "Tables", real),

        // MARK: Level 3: compose
        library(
            "SweepEngine", "SweepFile", "SweepStore", "SweepExecution", "SweepModel", "SweepSearch", "EarlyStopping",
            "RandomStreams", "JSONWriting", "TrialProtocol", "ConfigFile", "Files",
            resources: [.embedInCode("Resources/sitecustomize.py")]),
        library("SweepConversion", "SweepExchange", "SweepFile", "SweepModel", "SweepSearch", "ConfigFile", "Files"),
        library(
            "SweepReport", "EarlyStopping", "ImportanceAnalysis", "SweepFile", "SweepStore", "SweepModel",
            "SweepSearch", "Files", "JSONWriting", "Statistics", "Tables", "TerminalDrawing", "TrialProtocol",
            "ConfigFile"),
        library(
            "SweepExchange", "SweepFile", "SweepStore", "SweepModel", "SweepSearch", "EventFiles", "Files", "Tables",
            "JSONWriting", "ConfigFile", "ReportFormat", database),
        library(
            "SweepScreen", "ImportanceAnalysis", "SweepReport", "SweepFile", "SweepStore", "SweepModel", "SweepSearch",
            "TerminalDrawing", "TrialProtocol"),
        library("TrainingDisplay", "Files", "TerminalDrawing", "Training", "TrialProtocol"),
        library(
            "SweepPage", "ImportanceAnalysis", "Plots", "SweepExchange", "SweepReport", "SweepFile", "SweepStore",
            "SweepModel",
            "SweepSearch", "ConfigFile", "Files", "ReportFormat", resources: [.copy("Resources/page")]),
        library(
            "SweepServer", "Plots", "SweepPage", "SweepReport", "SweepExecution", "SweepFile", "SweepStore",
            "SweepModel",
            "ConfigFile", "CZlib", "Files", "JSONWriting", "TrialProtocol", hummingbird, hummingbirdCore,
            resources: [.embedInCode("Resources/index.js"), .embedInCode("Resources/index.css")]),

        library("PaperReproduction", "Training", "Plots", "Tables"),

        // MARK: Level 4: programs
        program(
            "revmlp", "About", "Plots", "Training", "TrainingDisplay", "RepresentationAnalysis", "Datasets", "Files",
            "ConfigFile", "TerminalDrawing", arguments),
        program(
            "revsweep", "About", "ImportanceAnalysis", "Plots", "SweepEngine", "SweepPage", "SweepReport",
            "SweepScreen", "SweepServer", "SweepExchange", "SweepFile",
            "SweepStore", "SweepModel", "SweepSearch", "SweepConversion", "SweepExecution", "ConfigFile", "Files",
            "TerminalDrawing", "TrialProtocol", arguments),

        // MARK: Plugins
        .plugin(name: "BuildCommit", capability: .buildTool()),

        // MARK: Benchmarks
        .executableTarget(
            name: "plannerbench", dependencies: ["SweepSearch", "EarlyStopping", "RandomStreams", arguments],
            path: "Benchmarks/planners",
            exclude: [
                "peers.py", "peers.csv", "peers-kinds.csv", "peers-one-worker.csv", "peers-eight-workers.csv", "run",
                "introduction.md", "goals", "goals.py", "goals-peers.csv", "digitnets.py", "netdigits.py",
                "netcurves.py", "curves.py", "curves-peers.csv", "early.py", "early-peers.csv",
            ],
            resources: [
                .copy("svmdigits.csv"), .copy("netdigits.csv"), .copy("netcurves.csv"), .copy("noisycurves.csv"),
            ], swiftSettings: strictness),
        .executableTarget(
            name: "paperreport", dependencies: ["PaperReproduction", "Files", arguments], path: "Benchmarks/paper",
            exclude: ["cost"],
            swiftSettings: strictness),
        .executableTarget(
            name: "corebench", dependencies: ["ReversibleCore", "LinearAlgebra", "RandomStreams"],
            path: "Benchmarks/core", exclude: ["run", "torch_gauss_newton.py"],
            swiftSettings: strictness),

        // MARK: Tests
        .target(
            name: "TestSupport", dependencies: ["JSONWriting", "TerminalDrawing", subprocess, system],
            path: "Tests/TestSupport",
            swiftSettings: strictness),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        tests("LinearAlgebraTests", "LinearAlgebra", "RandomStreams"),
        tests("RandomStreamsTests", "RandomStreams"),
        tests("StatisticsTests", "Statistics", "RandomStreams"),
        tests("EventFilesTests", "EventFiles"),
        tests("FilesTests", "Files", "TestSupport"),
        tests("TerminalDrawingTests", "TerminalDrawing", "TestSupport"),
        tests("TablesTests", "Tables"),
        tests(
            "ReversibleCoreTests", "ReversibleCore", "LinearAlgebra", "RandomStreams", "AllocationCounter",
            resources: [.copy("Golden")]),
        tests("DatasetsTests", "Datasets", "CZlib", "LinearAlgebra", "TestSupport"),
        tests(
            "TrainingTests", "Training", "ReversibleCore", "Datasets", "Files", "LinearAlgebra", "ConfigFile",
            "TrialProtocol", "RandomStreams", "TestSupport"),
        tests(
            "RepresentationAnalysisTests", "RepresentationAnalysis", "Training", "ReversibleCore", "Datasets",
            "LinearAlgebra", "RandomStreams", "ConfigFile", "TestSupport", "revmlp", resources: [.copy("Golden")]),
        tests(
            "TrainingDisplayTests", "TrainingDisplay", "TerminalDrawing", "Training", "TrialProtocol", "TestSupport",
            "revmlp"),
        tests("PaperReproductionTests", "PaperReproduction", "TestSupport", "revmlp"),
        tests("ConfigFileTests", "ConfigFile", "RandomStreams", "TestSupport"),
        tests("JSONWritingTests", "JSONWriting"),
        tests("TrialProtocolTests", "TrialProtocol", "ConfigFile", "RandomStreams"),
        tests(
            "SweepFileTests", "SweepFile", "SweepModel", "ConfigFile", "EarlyStopping", "SweepSearch", "RandomStreams",
            "TestSupport"),
        tests(
            "SweepConversionTests", "revsweep", "SweepConversion", "SweepFile", "EarlyStopping", "SweepModel",
            "SweepSearch", "ConfigFile", "RandomStreams", "TestSupport"),
        tests("SweepSearchTests", "SweepSearch", "RandomStreams"),
        tests("EarlyStoppingTests", "EarlyStopping", "RandomStreams"),
        tests(
            "ImportanceAnalysisTests", "ImportanceAnalysis", "SweepModel", "SweepSearch", "RandomStreams",
            "TestSupport",
            resources: [.copy("Golden")]),
        tests("SweepStoreTests", "SweepStore", "SweepModel", "SweepSearch", "TestSupport", database),
        tests("SweepExecutionTests", "SweepExecution", "TrialProtocol", "TestSupport"),
        tests(
            "SweepEngineTests", "SweepEngine", "SweepExecution", "SweepFile", "SweepStore", "SweepModel", "SweepSearch",
            "EarlyStopping", "RandomStreams", "TestSupport", database),
        tests(
            "SweepReportTests", "SweepReport", "SweepFile", "SweepStore", "SweepModel", "SweepSearch", "Tables",
            "TerminalDrawing", "TrialProtocol", "ConfigFile", "TestSupport"),
        tests(
            "SweepScreenTests", "SweepScreen", "SweepReport", "ImportanceAnalysis", "SweepStore", "SweepFile",
            "SweepModel", "SweepSearch", "JSONWriting", "TerminalDrawing", "TestSupport", database),
        tests("ReportFormatTests", "ReportFormat"),
        tests("SweepPageTests", "SweepPage", "SweepFile", "SweepStore", "SweepModel", "SweepSearch", "TestSupport"),
        tests(
            "SweepServerTests", "SweepServer", "SweepReport", "SweepFile", "SweepStore", "SweepModel", "SweepSearch",
            "Files",
            "TestSupport"),
        tests("PlotsTests", "Plots", resources: [.copy("Golden")]),
        tests("AboutTests", "About"),
        tests(
            "SweepExchangeTests", "ImportanceAnalysis", "ReportFormat", "SweepExchange", "SweepEngine", "SweepPage",
            "SweepReport",
            "SweepFile",
            "SweepStore",
            "SweepModel", "SweepSearch", "Tables", "TestSupport", database),
        tests("ArchitectureTests", "TestSupport"),
        tests("EndToEndTests", "revsweep", "revmlp", "RandomStreams", "TestSupport", subprocess, database),
    ],
    swiftLanguageModes: [.v6]
)
