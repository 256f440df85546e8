import LinearAlgebra

/// The training and the test images of a data set, as they were published.
public struct PublishedDataset: Sendable {
    public let training: LabelledImages
    public let test: LabelledImages

    public init(training: LabelledImages, test: LabelledImages) {
        self.training = training
        self.test = test
    }

    /// Reads a folder of four IDX files in MNIST's naming, each compressed (`.gz`) or not.
    ///
    /// - Parameters:
    ///   - classes: K; labels beyond it are an error.
    ///   - brightest: the pixel value that becomes 1.
    public init(idxFolder folder: String, classes: Int, brightest: Int) throws(DatasetError) {
        training = try LabelledImages(
            idxFolder: folder, prefix: "train", classes: classes, brightest: brightest)
        test = try LabelledImages(idxFolder: folder, prefix: "t10k", classes: classes, brightest: brightest)
    }
}

extension LabelledImages {
    /// - Parameter prefix: what the names of the two files begin with; for test images also `test` is tried.
    init(idxFolder folder: String, prefix: String, classes: Int, brightest: Int) throws(DatasetError) {
        let prefixes = prefix == "t10k" ? ["t10k", "test"] : [prefix]
        let imagePath = existingFile(folder, prefixes, "images-idx3-ubyte")
        let labelPath = existingFile(folder, prefixes, "labels-idx1-ubyte")
        let images = try IDXFile(readingFrom: imagePath, dimensions: 3)
        let labels = try IDXFile(readingFrom: labelPath, dimensions: 1)
        guard images.dimensions[0] == labels.dimensions[0] else {
            throw .countsDiffer(
                images: imagePath, imageCount: images.dimensions[0], labels: labelPath,
                labelCount: labels.dimensions[0])
        }
        if let index = labels.bytes.firstIndex(where: { $0 >= classes }) {
            throw .labelOutOfRange(path: labelPath, index: index, label: Int(labels.bytes[index]), classes: classes)
        }
        let scale = 1 / Float(brightest)
        self.init(
            images: Matrix(
                rows: images.dimensions[0], columns: images.dimensions[1] * images.dimensions[2],
                elements: images.bytes.map { Float($0) * scale }), labels: labels.bytes.map { Int($0) },
            classes: classes)
    }
}

/// The first of the possible names that is there; if none is, the one a person would expect, for the message.
private func existingFile(_ folder: String, _ prefixes: [String], _ suffix: String) -> String {
    let candidates = prefixes.flatMap { ["\(folder)/\($0)-\(suffix).gz", "\(folder)/\($0)-\(suffix)"] }
    return candidates.first { fileExists($0) } ?? candidates[0]
}
