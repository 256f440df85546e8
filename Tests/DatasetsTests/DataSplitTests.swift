import Datasets
import LinearAlgebra
import Testing

/// Images that are told apart by their only pixel.
private func dataset(training: Int, test: Int) -> PublishedDataset {
    func samples(_ range: Range<Int>) -> LabelledImages {
        LabelledImages(
            images: Matrix(rows: range.count, columns: 1, elements: range.map { Float($0) }),
            labels: range.map { $0 % 3 }, classes: 3)
    }
    return PublishedDataset(training: samples(0..<training), test: samples(training..<training + test))
}

/// The pixels before they were standardised.
private func pixels(_ samples: LabelledImages, _ split: DataSplit) -> [Int] {
    let channel = split.standardization.channels[0]
    return samples.images.elements.map {
        Int((Double($0) * channel.std + channel.mean).rounded())
    }
}

@Suite struct DataSplitTests {
    @Test func `the built-in digits are 1437 and 360 images of ten classes`() throws {
        let digits = try BuiltInDataset.digits.read()
        #expect(digits.training.count == 1437 && digits.test.count == 360)
        #expect(digits.training.images.columns == 64)
        #expect(digits.training.images.elements.allSatisfy { (0...1).contains($0) })
        #expect(Set(digits.training.labels) == Set(0..<10))
        // Line 2 of the published training file begins 0 0 5 13 9 1 0 0.
        #expect(digits.training.images.rows(0..<1).elements[..<8].map { $0 * 16 } == [0, 0, 5, 13, 9, 1, 0, 0])
    }

    @Test(arguments: [0.01, 0.15, 0.5, 0.99], [UInt64(0), 7])
    func `training and validation images part the training file and leave the test images alone`(
        fraction: Double, seed: UInt64
    ) throws {
        let split = try DataSplit(dataset(training: 100, test: 30), validation: .fraction(fraction), seed: seed)
        #expect(split.validation.count == Int((100 * fraction).rounded()))
        let (training, validation) = (pixels(split.training, split), pixels(split.validation, split))
        #expect((training + validation).sorted() == Array(0..<100))
        #expect(pixels(split.test, split) == Array(100..<130))
        #expect(split.training.labels == training.map { $0 % 3 })
    }

    @Test func `a split is a function of its seed`() throws {
        let dataset = dataset(training: 100, test: 30)
        func held(_ seed: UInt64) throws -> [Int] {
            let split = try DataSplit(dataset, validation: .fraction(0.2), seed: seed)
            return pixels(split.validation, split)
        }
        #expect(try held(1) == held(1))
        #expect(try held(1) != held(2))
    }

    @Test(arguments: [ValidationChoice.fraction(0.2), .test])
    func `a subset is part of a larger one, and leaves the validation images alone`(choice: ValidationChoice) throws {
        let dataset = dataset(training: 100, test: 30)
        let all = try DataSplit(dataset, validation: choice, seed: 5)
        var smaller: Set<Int> = []
        for size in [1, 10, 60, 80] {
            let split = try DataSplit(dataset, validation: choice, subset: size, seed: 5)
            let training = Set(pixels(split.training, split))
            #expect(training.count == size && training.isSuperset(of: smaller), "\(size)")
            #expect(pixels(split.validation, split) == pixels(all.validation, all), "\(size)")
            smaller = training
        }
        let available = all.training.count
        #expect(throws: DatasetError.subsetTooLarge(101, available: available)) {
            try DataSplit(dataset, validation: choice, subset: 101, seed: 5)
        }
    }

    @Test func `one image cannot be split, and can be trained on where the test images judge`() throws {
        let dataset = dataset(training: 1, test: 3)
        #expect(throws: DatasetError.tooFewToSplit(1)) {
            try DataSplit(dataset, validation: .fraction(0.2), seed: 5)
        }
        #expect(try DataSplit(dataset, validation: .test, seed: 5).training.count == 1)
    }

    @Test(arguments: [(10, 4, 3), (10, .max, 1), (1, 1, 1), (12, 4, 3), (12, 12, 1), (12, 11, 2)])
    func `an epoch has as many batches as its samples need`(count: Int, batchSize: Int, batches: Int) {
        let order = EpochOrder(count: count, batchSize: batchSize, seed: 0, epoch: 1)
        #expect(order.batches == batches && (0..<batches).flatMap { order.batch($0) }.count == count)
    }

    @Test func `each channel is standardised on its own`() throws {
        let shape = ImageShape(channels: 2, height: 1, width: 2)
        let samples = LabelledImages(
            images: Matrix(rows: 2, columns: 4, elements: [1, 1, 10, 10, 5, 5, 30, 30]), labels: [0, 1], classes: 2)
        let split = try DataSplit(
            PublishedDataset(training: samples, test: samples, shape: shape), validation: .test, seed: 0)
        #expect(split.standardization.channels.map(\.mean) == [3, 20])
        #expect(split.standardization.channels.map(\.std) == [2, 10])
        #expect(split.training.images.rows(0..<1).elements == [-1, -1, -1, -1])
        let published = Standardization([.init(mean: 1, std: 2), .init(mean: 0, std: 10)])
        let fixed = try DataSplit(
            PublishedDataset(training: samples, test: samples, shape: shape, standardization: published),
            validation: .test, seed: 0)
        #expect(fixed.standardization == published)
        #expect(fixed.training.images.elements == [0, 0, 1, 1, 2, 2, 3, 3])
    }

    @Test func `to validate on the test images is a choice that keeps every training image`() throws {
        let split = try DataSplit(dataset(training: 10, test: 5), validation: .test, seed: 0)
        #expect(split.training.count == 10)
        #expect(split.validation.labels == split.test.labels)
    }

    @Test func `training images have mean 0 and deviation 1, and the others are treated as they were`() throws {
        let split = try DataSplit(dataset(training: 100, test: 30), validation: .fraction(0.2), seed: 3)
        let again = Standardization(of: split.training).channels[0]
        // Single precision, of numbers of size 1.
        #expect(abs(again.mean) < 1e-6 && abs(again.std - 1) < 1e-6)
        #expect(Standardization(of: split.test).channels[0].mean > 1)
    }
}

@Suite struct EpochOrderTests {
    @Test(arguments: [(1, 1), (10, 3), (10, 10), (10, 100), (1221, 128), (97, 32)])
    func `an epoch is every sample once, in batches that differ by one at most`(count: Int, batchSize: Int) {
        let order = EpochOrder(count: count, batchSize: batchSize, seed: 1, epoch: 1)
        let batches = (0..<order.batches).map { order.batch($0) }
        #expect(batches.flatMap { $0 }.sorted() == Array(0..<count))
        let sizes = batches.map(\.count)
        #expect(sizes.max()! <= batchSize && sizes.max()! - sizes.min()! <= 1)
        #expect(batches.count == (count + batchSize - 1) / batchSize)
    }

    @Test func `an order is a function of the seed and the epoch`() {
        func order(_ seed: UInt64, _ epoch: Int) -> EpochOrder {
            EpochOrder(count: 100, batchSize: 10, seed: seed, epoch: epoch)
        }
        #expect(order(1, 5) == order(1, 5))
        #expect(order(1, 5) != order(1, 6))
        #expect(order(1, 5) != order(2, 5))
        // The bits are part of what a seed means: a run begun by one release is ended by the next.
        #expect(Array(order(1, 1).batch(0)) == [91, 94, 54, 61, 53, 50, 69, 23, 68, 21])
    }
}
