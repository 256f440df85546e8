import Files
import Foundation

/// A data set that can be trained on, by the name that configs and commands have for it.
///
/// Its samples come with the program, are drawn, or are read from published files in a folder.
///
///     let digits = try DatasetName.digits.read()
///     let fashion = try DatasetName(rawValue: "fashion_mnist")?.read(path: "data/fashion_mnist")
public enum DatasetName: String, Hashable, Sendable, CaseIterable {
    /// Comes with the program.
    case digits
    /// 60,000 training and 10,000 test images of handwritten digits, 28×28 pixels in ten classes.
    case mnist
    /// The same numbers and size, of ten kinds of clothing.
    case fashionMNIST = "fashion_mnist"
    /// 50,000 training and 10,000 test images in colour, 32×32 pixels in ten classes.
    case cifar10
    /// Drawn; see `SyntheticDataset`.
    case gaussian
    /// Drawn, with correlated features.
    case correlated
}

extension DatasetName {
    /// Whether its samples are in files that the program does not come with.
    public var isFetched: Bool {
        switch self {
        case .mnist, .fashionMNIST, .cifar10: true
        case .digits, .gaussian, .correlated: false
        }
    }

    /// Whether its samples are images rather than points.
    public var hasImages: Bool {
        switch self {
        case .digits, .mnist, .fashionMNIST, .cifar10: true
        case .gaussian, .correlated: false
        }
    }

    /// The folder of its files where the config names no other.
    public var defaultFolder: String { "data/\(rawValue)" }

    /// The mean and standard deviation that the literature uses for it; nil where it is standardised with its own.
    public var publishedStandardization: Standardization? {
        switch self {
        case .mnist: Standardization([.init(mean: 0.1307, std: 0.3081)])
        case .cifar10:
            Standardization([
                .init(mean: 0.49139968, std: 0.24703233), .init(mean: 0.48215827, std: 0.24348505),
                .init(mean: 0.44653124, std: 0.26158768),
            ])
        case .digits, .fashionMNIST, .gaussian, .correlated: nil
        }
    }

    /// Reads it, or draws it.
    ///
    ///     try DatasetName.mnist.read()            // data/mnist, here or in a folder above
    ///     try DatasetName.gaussian.read()         // drawn, with 1000 training and 1000 test samples
    ///
    /// - Parameters:
    ///   - path: of its folder, instead of the default one. A relative path is looked for in the working directory and
    ///     then in the folders above it: a planner starts its trials some way below the folder that a person works in.
    ///     The folder that torchvision was given as its root is accepted, too.
    ///   - synthetic: the sizes of what is drawn.
    /// - Throws: `DatasetError`, with the command that fetches the files where one does.
    public func read(path: String? = nil, synthetic: SyntheticDataset = .init()) throws(DatasetError)
        -> PublishedDataset
    {
        let folder = existingFolder(path)
        do {
            return switch self {
            case .digits: try BuiltInDataset.digits.read()
            case .mnist, .fashionMNIST:
                try PublishedDataset(
                    idxFolder: folder, classes: 10, brightest: 255, standardization: publishedStandardization)
            case .cifar10: try PublishedDataset(cifar10At: folder)
            case .gaussian: synthetic.dataset(isCorrelated: false)
            case .correlated: synthetic.dataset(isCorrelated: true)
            }
        } catch {
            guard isFetched else { throw error }
            throw .fetchable(error, command: fetchCommand(path: path))
        }
    }

    /// What to type so that its files are fetched to where `read` looks for them.
    ///
    /// - Parameter path: as for `read`.
    public func fetchCommand(path: String? = nil) -> String {
        let place = path == nil ? "" : " --to \(shell: existingFolder(path))"
        return "revmlp data fetch \(rawValue)\(place)"
    }

    /// Whether the files that it needs are in its folder. Their content is not looked at.
    ///
    /// - Parameter path: as for `read`.
    /// - Returns: true for a data set that needs no files.
    public func isComplete(path: String? = nil) -> Bool {
        let folder = existingFolder(path)
        return switch self {
        case .digits, .gaussian, .correlated: true
        case .mnist, .fashionMNIST:
            ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]
                .allSatisfy { fileExists("\(folder)/\($0)") || fileExists("\(folder)/\($0).gz") }
        case .cifar10:
            ["cifar-10-binary.tar.gz", "test_batch.bin", "cifar-10-batches-bin/test_batch.bin"]
                .contains { fileExists("\(folder)/\($0)") }
        }
    }

    /// The folder of the files: the named one, or the one below it where torchvision keeps them.
    func existingFolder(_ path: String?) -> String {
        let folder = Self.existing(path ?? defaultFolder)
        let below =
            switch self {
            case .mnist: "\(folder)/MNIST/raw"
            case .fashionMNIST: "\(folder)/FashionMNIST/raw"
            case .digits, .cifar10, .gaussian, .correlated: folder
            }
        return fileExists(below) ? below : folder
    }

    /// A relative path in the working directory, or in the nearest folder above that has it; the path itself if none
    /// does.
    private static func existing(_ path: String) -> String {
        if path.hasPrefix("/") || fileExists(path) { return path }
        var above = FileManager.default.currentDirectoryPath
        while let slash = above.lastIndex(of: "/"), !above.isEmpty {
            above = String(above[..<slash])
            if fileExists("\(above)/\(path)") { return "\(above)/\(path)" }
        }
        return path
    }
}
