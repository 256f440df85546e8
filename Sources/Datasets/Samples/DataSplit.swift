import RandomStreams

/// What the validation images are, by which hyperparameters and the epoch to stop at are chosen.
public enum ValidationChoice: Hashable, Sendable {
    /// This part of the training images, which are then not trained on.
    case fraction(Double)
    /// The test images, as the published research code has it. Choosing anything by them spoils them as a test.
    case test
}

/// Samples to learn from, to choose by, and to judge by, standardised alike.
///
/// Which training images are held back is drawn from a seed of its own, so that runs whose own seeds differ are judged
/// on the same images.
///
///     let split = try DataSplit(DatasetName.digits.read(), validation: .fraction(0.15), seed: 0)
///     let batch = split.training.samples(at: 0..<128)
public struct DataSplit: Sendable {
    /// To learn from.
    public let training: LabelledImages
    /// To choose by; the same as `test` for `ValidationChoice.test`.
    public let validation: LabelledImages
    /// To judge by at the very end.
    public let test: LabelledImages
    /// What all three were standardised with: the published constants, or the statistics of the training samples.
    public let standardization: Standardization
    /// What the numbers of a sample are; nil where they are no image.
    public let shape: ImageShape?
    /// The files that the data set lacks, unless a subset was asked for, which the others have.
    public let missing: MissingFiles?
    /// See `PublishedDataset.checksum`.
    public let checksum: String?

    ///     // 1,437 training images of digits
    ///     try DataSplit(digits, validation: .fraction(0.15), seed: 0)                     // 1221 and 216 images
    ///     try DataSplit(digits, validation: .fraction(0.15), subset: 1024, seed: 0)       // 1024 and the same 216
    ///
    /// - Parameters:
    ///   - choice: a fraction is rounded, and leaves at least one image on each side.
    ///   - subset: the number of images to train on, out of those that are not held back; nil: all. A larger subset
    ///     contains the smaller one, and the validation images do not depend on it.
    ///   - seed: decides which of the training images are held back, and which make up the subset; apart from the seed
    ///     of a training run, so that runs that differ in theirs can be compared.
    /// - Throws: `DatasetError.subsetTooLarge`, or `subsetOfPart` where files are missing; `tooFewToSplit` for a
    ///   fraction of one image.
    public init(
        _ dataset: PublishedDataset, validation choice: ValidationChoice, subset: Int? = nil, seed: UInt64
    ) throws(DatasetError) {
        checksum = dataset.checksum
        let count = dataset.trainingSource.count
        var random = RandomStream(seed: seed, stream: .validationSplit)
        let order = random.permutation(of: count)
        var size = 0
        if case .fraction(let fraction) = choice {
            precondition(fraction > 0 && fraction < 1, "\(fraction) is no part")
            if count < 2 { throw .tooFewToSplit(count) }
            size = min(max(Int((fraction * Double(count)).rounded()), 1), count - 1)
        }
        let available = count - size
        guard subset ?? 1 <= available else {
            guard let missing = dataset.missing else { throw .subsetTooLarge(subset ?? 1, available: available) }
            throw .subsetOfPart(subset ?? 1, available: available, missing)
        }
        missing = subset == nil ? dataset.missing : nil
        let held = order[..<size].sorted()
        let kept = order[size..<size + (subset ?? available)].sorted()
        var samples = dataset.trainingSource.samples(at: kept)
        let standardization =
            dataset.standardization ?? Standardization(of: samples, channels: dataset.shape?.channels ?? 1)
        self.standardization = standardization
        shape = dataset.shape
        // In place: a second copy of a large data set would double the maximum memory of a run.
        samples.standardize(by: standardization)
        training = samples
        var judging = dataset.testSource.all
        judging.standardize(by: standardization)
        test = judging
        if held.isEmpty {
            validation = judging
        } else {
            var choosing = dataset.trainingSource.samples(at: held)
            choosing.standardize(by: standardization)
            validation = choosing
        }
    }
}

/// The samples of one epoch in their random order, cut into batches.
///
///     let order = EpochOrder(count: 10, batchSize: 4, seed: 0, epoch: 1)
///     order.batches                                   // 3
///     (0..<3).map { order.batch($0).count }           // [3, 3, 4]
///
/// A function of the seed and the epoch alone, so that any epoch can be begun without the ones before it.
public struct EpochOrder: Hashable, Sendable {
    private let order: [Int]
    /// How many batches the epoch has.
    public let batches: Int

    /// - Parameters:
    ///   - count: of the samples.
    ///   - batchSize: the maximum size of a batch. The batches differ by one sample at most: a short last batch would
    ///     weigh as much in a step as a full one.
    ///   - epoch: from 1.
    public init(count: Int, batchSize: Int, seed: UInt64, epoch: Int) {
        precondition(count > 0 && batchSize > 0, "\(count) samples in batches of \(batchSize)")
        var random = RandomStream(seed: seed, stream: .order, UInt64(epoch))
        order = random.permutation(of: count)
        batches = (count - 1) / batchSize + 1
    }

    /// The indices of the samples of a batch, from 0. Each sample is in exactly one batch of the epoch.
    ///
    /// - Precondition: `index` is from 0 to `batches - 1`.
    public func batch(_ index: Int) -> ArraySlice<Int> {
        precondition(index >= 0 && index < batches, "no batch \(index) of \(batches)")
        return order[index * order.count / batches..<(index + 1) * order.count / batches]
    }
}
