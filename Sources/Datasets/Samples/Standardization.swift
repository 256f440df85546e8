/// A mean and a standard deviation for each channel, over all its pixels in all images.
public struct Standardization: Hashable, Sendable {
    /// Each channel owns as many numbers of an image as any other, and they follow each other.
    public let channels: [Channel]

    public struct Channel: Hashable, Sendable {
        public var mean: Double
        public var std: Double

        public init(mean: Double, std: Double) {
            precondition(std > 0, "a deviation of \(std) standardises nothing")
            self.mean = mean
            self.std = std
        }
    }

    public init(_ channels: [Channel]) {
        precondition(!channels.isEmpty, "an image has a channel")
        self.channels = channels
    }

    /// Of the given images; a channel whose pixels are all the same counts as having deviation 1.
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
