/// A mean and a standard deviation for each channel, over all its pixels in all images.
///
///     x ← (x − mean)/std      for every number x of the channel
///
///     Standardization([.init(mean: 0.1307, std: 0.3081)]).black       // [-0.4242]: what a black pixel, 0, becomes
///
/// Networks learn faster from inputs around 0 with deviation 1 than from pixels between 0 and 1.
public struct Standardization: Hashable, Sendable {
    /// Each channel owns as many numbers of an image as any other, and they follow each other.
    public let channels: [Channel]

    /// The statistics of one channel.
    public struct Channel: Hashable, Sendable {
        /// In the units of the pixels, of which the brightest is 1.
        public var mean: Double
        /// Above 0.
        public var std: Double

        public init(mean: Double, std: Double) {
            precondition(std > 0, "a deviation of \(std) standardises nothing")
            self.mean = mean
            self.std = std
        }
    }

    /// - Parameter channels: one for each channel of the images, at least one.
    public init(_ channels: [Channel]) {
        precondition(!channels.isEmpty, "an image has a channel")
        self.channels = channels
    }

    /// Of the given images; a channel whose pixels are all the same counts as having deviation 1. The standard
    /// deviation is that of the samples themselves, with n in the denominator.
    ///
    /// - Parameter count: the number of channels, which divides d.
    public init(of samples: LabelledImages, channels count: Int = 1) {
        let columns = samples.images.columns
        precondition(count > 0 && columns % count == 0, "\(columns) numbers are not \(count) channels")
        let plane = columns / count
        let pixels = Double(max(samples.count * plane, 1))
        channels = samples.images.withElements { elements in
            (0..<count).map { channel in
                func sum(_ term: (Double) -> Double) -> Double {
                    var sum = 0.0
                    for row in 0..<samples.count {
                        let start = row * columns + channel * plane
                        for index in start..<start + plane { sum += term(Double(elements[index])) }
                    }
                    return sum
                }
                let mean = sum { $0 } / pixels
                let std = (sum { ($0 - mean) * ($0 - mean) } / pixels).squareRoot()
                return Channel(mean: mean, std: std > 0 ? std : 1)
            }
        }
    }

    /// What a black pixel of each channel becomes.
    var black: [Float] { channels.map { -Float($0.mean) / Float($0.std) } }
}

extension LabelledImages {
    /// Shifts and scales each channel.
    mutating func standardize(by standardization: Standardization) {
        let (rows, columns, channels) = (images.rows, images.columns, standardization.channels)
        precondition(columns % channels.count == 0, "\(columns) numbers are not \(channels.count) channels")
        let plane = columns / channels.count
        images.withMutableElements { elements in
            for (index, channel) in channels.enumerated() {
                let (mean, std) = (Float(channel.mean), Float(channel.std))
                for row in 0..<rows {
                    let start = row * columns + index * plane
                    for index in start..<start + plane { elements[index] = (elements[index] - mean) / std }
                }
            }
        }
    }
}
