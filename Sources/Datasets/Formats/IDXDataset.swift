extension PublishedDataset {
    /// Reads a folder of four IDX files in MNIST's naming, each compressed (`.gz`) or not.
    ///
    ///     let mnist = try PublishedDataset(idxFolder: "data/mnist", classes: 10, brightest: 255)
    ///     mnist.training.images           // [60000, 784]: pixels from 0 to 1, not standardised
    ///     mnist.shape                     // 1 channel, 28 × 28
    ///
    /// The names are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with `t10k` or `test` in place
    /// of `train`.
    ///
    /// - Parameters:
    ///   - classes: K; labels beyond it are an error.
    ///   - brightest: the pixel value that becomes 1.
    ///   - standardization: as published; nil: that of the training images.
    /// - Throws: `DatasetError` if a file is missing or damaged, or if the files do not belong together.
    public init(
        idxFolder folder: String, classes: Int, brightest: Int, standardization: Standardization? = nil
    ) throws(DatasetError) {
        let training = try IDXImages(folder, prefixes: ["train"], classes: classes, brightest: brightest)
        let test = try IDXImages(folder, prefixes: ["t10k", "test"], classes: classes, brightest: brightest)
        guard training.shape == test.shape else {
            throw .shapesDiffer(training: training.path, training.shape, test: test.path, test.shape)
        }
        self.init(
            training: .bytes(training.samples), test: .bytes(test.samples), shape: training.shape,
            standardization: standardization)
    }
}

/// The images of one IDX file with the labels of another.
private struct IDXImages {
    /// Of the images.
    let path: String
    let samples: ByteImages
    /// One channel of the size that the file states.
    let shape: ImageShape

    /// - Parameter prefixes: what the names of the two files may begin with.
    init(_ folder: String, prefixes: [String], classes: Int, brightest: Int) throws(DatasetError) {
        path = existingFile(folder, prefixes, "images-idx3-ubyte")
        let labelPath = existingFile(folder, prefixes, "labels-idx1-ubyte")
        let images = try IDXFile(readingFrom: path, dimensions: 3)
        let labels = try IDXFile(readingFrom: labelPath, dimensions: 1)
        guard images.dimensions[0] == labels.dimensions[0] else {
            throw .countsDiffer(
                images: path, imageCount: images.dimensions[0], labels: labelPath, labelCount: labels.dimensions[0])
        }
        guard !images.bytes.isEmpty else { throw .noImages(path: path) }
        shape = ImageShape(channels: 1, height: images.dimensions[1], width: images.dimensions[2])
        guard shape.count % 2 == 0 else { throw .oddImages(path: path, shape) }
        guard shape.count >= classes else {
            throw .unreadable(
                path: path, reason: "images of \(shape.count) pixels are too small for \(classes) classes")
        }
        if let index = labels.bytes.firstIndex(where: { $0 >= classes }) {
            throw .labelOutOfRange(path: labelPath, index: index, label: Int(labels.bytes[index]), classes: classes)
        }
        samples = ByteImages(
            bytes: images.bytes, columns: shape.count, labels: labels.bytes.map { Int($0) }, classes: classes,
            brightest: brightest)
    }
}

/// The first of the possible names that is there; if none is, the one a person would expect, for the message.
private func existingFile(_ folder: String, _ prefixes: [String], _ suffix: String) -> String {
    let candidates = prefixes.flatMap { ["\(folder)/\($0)-\(suffix).gz", "\(folder)/\($0)-\(suffix)"] }
    return candidates.first { fileExists($0) } ?? candidates[0]
}
