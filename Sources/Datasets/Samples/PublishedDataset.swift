/// The training and the test samples of a data set, as they were published.
public struct PublishedDataset: Sendable {
    let trainingSource: SampleSource
    let testSource: SampleSource
    /// What the numbers of a sample are; nil where they are no image.
    public let shape: ImageShape?
    /// The constants that the literature standardises these samples with; nil: those of the training samples are used.
    public let standardization: Standardization?

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

    /// A copy of all training samples.
    public var training: LabelledImages { trainingSource.all }

    /// A copy of all test samples.
    public var test: LabelledImages { testSource.all }
}
