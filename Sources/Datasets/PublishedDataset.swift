/// The training and the test samples of a data set, as they were published.
public struct PublishedDataset: Sendable {
    public let training: LabelledImages
    public let test: LabelledImages
    /// What the numbers of a sample are; nil where they are no image.
    public let shape: ImageShape?
    /// What everybody standardises these samples with; nil where that is the training samples' own.
    public let standardization: Standardization?

    public init(
        training: LabelledImages, test: LabelledImages, shape: ImageShape? = nil,
        standardization: Standardization? = nil
    ) {
        precondition(training.images.columns == test.images.columns, "training and test samples of two kinds")
        precondition(shape == nil || shape?.count == training.images.columns, "samples of another shape")
        self.training = training
        self.test = test
        self.shape = shape
        self.standardization = standardization
    }
}
