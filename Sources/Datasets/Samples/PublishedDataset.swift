import Files

/// The training and the test samples of a data set, as they were published.
public struct PublishedDataset: Sendable {
    let trainingSource: SampleSource
    let testSource: SampleSource
    /// What the numbers of a sample are; nil where they are no image.
    public let shape: ImageShape?
    /// The constants that the literature standardises these samples with; nil: those of the training samples are used.
    public let standardization: Standardization?
    /// What there is less of than was published; nil where all files are there.
    public internal(set) var missing: MissingFiles?

    /// - Parameters:
    ///   - training: pixels from 0 to 1, or points; not standardised.
    ///   - test: of the same d.
    ///   - shape: nil for points.
    ///   - standardization: nil to use the statistics of the training samples.
    public init(
        training: LabelledImages, test: LabelledImages, shape: ImageShape? = nil,
        standardization: Standardization? = nil
    ) {
        self.init(training: .numbers(training), test: .numbers(test), shape: shape, standardization: standardization)
    }

    init(training: SampleSource, test: SampleSource, shape: ImageShape?, standardization: Standardization?) {
        precondition(training.columns == test.columns, "training and test samples of two kinds")
        precondition(shape == nil || shape?.count == training.columns, "samples of another shape")
        trainingSource = training
        testSource = test
        self.shape = shape
        self.standardization = standardization
    }

    /// Of all images and labels, wherever their files lie: 16 hexadecimal digits; nil where they come from no file.
    public var checksum: String? {
        let sums = trainingSource.checkSums + testSource.checkSums
        return sums.isEmpty ? nil : CheckSum.digits(ofParts: sums)
    }

    /// A copy of all training samples.
    public var training: LabelledImages { trainingSource.all }

    /// A copy of all test samples.
    public var test: LabelledImages { testSource.all }
}

/// Files of a data set that are not where the others are.
///
///     data/cifar10: 10000 of the 50000 published training images are here; not here: data_batch_2.bin, …
public struct MissingFiles: Hashable, Sendable, CustomStringConvertible {
    /// The folder or archive.
    public var place: String
    /// Those that are missing, and all that were published.
    public var names: [String]
    public var published: [String]
    /// How many training images there are, and how many were published.
    public var found: Int
    public var total: Int

    public init(place: String, names: [String], published: [String], found: Int, total: Int) {
        (self.place, self.names, self.published, self.found, self.total) = (place, names, published, found, total)
    }

    public var description: String {
        "\(place): a part of the data set: \(published.count - names.count) of its \(published.count) training files, "
            + "\(found) of \(total) images; missing: \(names.joined(separator: ", "))"
    }

    /// How to go on, as the help of a message.
    ///
    /// - Parameter command: the one that downloads the data set.
    public func help(fetching command: String) -> String {
        "'\(command)' downloads all of it; with data.subset, at most \(found), these images are enough"
    }
}
