import ArgumentParser
import Datasets
import Foundation

/// `revmlp data`: the commands about data sets.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Fetch data sets, or list what is there.",
        subcommands: [FetchCommand.self, ListCommand.self])
}

extension DatasetName: ExpressibleByArgument {
    /// `fashion-mnist`, as its publisher writes it, is `fashion_mnist` too.
    public init?(argument: String) {
        self.init(rawValue: argument.replacing("-", with: "_"))
    }

    /// For the help of the argument parser: names as configs write them, with `_`.
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

/// `revmlp data fetch`: downloads the files of a data set from its publisher or a mirror.
///
///     $ revmlp data fetch fashion-mnist
///     data/fashion_mnist/train-images-idx3-ubyte.gz  26.4 MB, … s, md5 as published
///     …
///     $ revmlp data fetch cifar10 --mirror https://example.org/files --to /data/cifar10
///
/// Files that are there already, and are the published ones, are not fetched again. All lines are on standard error.
struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Download the published files of a data set.",
        discussion: """
            revmlp data fetch mnist

            A file is checked against its published md5 before it gets its name. What has \
            come when a download ends early is kept: the same command goes on from there.
            """)

    @Argument(help: "mnist, fashion_mnist or cifar10.")
    var name: DatasetName

    @Option(
        help: ArgumentHelp("The address of a folder that has the files, instead of the usual one.", valueName: "URL"))
    var mirror: String?

    @Option(help: ArgumentHelp("Where to put them, instead of data/<name>.", valueName: "dir"), completion: .directory)
    var to: String?

    @Option(help: ArgumentHelp("How long nothing may come before it is given up, in seconds.", valueName: "seconds"))
    var timeout = 30.0

    func validate() throws {
        guard name.isFetched else { throw ValidationError("\(name.rawValue) needs no files; see 'revmlp data list'") }
        guard timeout > 0, timeout < 1e6 else { throw ValidationError("--timeout must be greater than 0") }
    }

    func run() throws {
        let progress = Console.errorIsTerminal ? ProgressLine() : nil
        let fetch = DatasetFetch(
            name.files, from: mirror ?? name.mirror ?? "", to: to ?? name.defaultFolder, patience: .seconds(timeout))
        let start = ContinuousClock.now
        do {
            try fetch.run { show($0, since: start, progress) }
        } catch {
            progress?.clear()
            throw error
        }
    }

    /// Shows how far a download is in a line that changes, and everything else in lines that stay.
    private func show(_ event: FetchEvent, since start: ContinuousClock.Instant, _ progress: ProgressLine?) {
        switch event {
        case .progress(let name, let bytes, let total):
            let part =
                total.map { " of \(megabytes($0)) MB, \(Int(100 * Double(bytes) / Double(max($0, 1)))) %" } ?? " MB"
            progress?.show("\(name)  \(megabytes(bytes))\(part)")
            return
        case .alreadyThere, .differs, .resumes, .fetched: progress?.clear()
        }
        switch event {
        case .alreadyThere(let path): Console.printError("\(path) is there already")
        case .differs(let path): Console.printError("\(path) is not the published file, and is fetched again")
        case .resumes(let name, let bytes): Console.printError("\(name) goes on after \(bytes) bytes")
        case .fetched(let path, let bytes):
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            Console.printError(
                "\(path)  \(megabytes(bytes)) MB, \(String(format: "%.1f", seconds)) s, md5 as published")
        case .progress: break
        }
    }

    /// In units of 10⁶ bytes.
    private func megabytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1e6) }
}

/// `revmlp data list`: which data sets there are, and which of them can be used now.
///
///     $ revmlp data list
///     digits         built in
///     mnist          not there; 'revmlp data fetch mnist'
///     …
///
/// Only the default folders are looked into, not the `data.path` of any config.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the data sets, and which of them are there.",
        discussion: "revmlp data list")

    func run() throws {
        for name in DatasetName.allCases {
            let state =
                switch name {
                case .digits: "built in"
                case .gaussian, .correlated: "drawn; see data.synthetic"
                case .mnist, .fashionMNIST, .cifar10:
                    Self.fetchedState(name)
                }
            try Console.print(name.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0) + state)
        }
    }
    private static func fetchedState(_ name: DatasetName) -> String {
        guard name.isComplete() else { return "not there; '\(name.fetchCommand())'" }
        let missing = name.missingFiles()
        let place = "in \(name.defaultFolder)"
        return missing.isEmpty
            ? place : "\(place), without \(missing.joined(separator: ", ")); '\(name.fetchCommand())'"
    }
}
