/// How the numbers of an image follow each other: one plane for each channel, each plane row by row.
public struct ImageShape: Hashable, Sendable {
    public let channels: Int
    public let height: Int
    public let width: Int

    public init(channels: Int, height: Int, width: Int) {
        precondition(channels > 0 && height > 0 && width > 0, "\(channels)×\(height)×\(width) is no image")
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// d, the numbers of one image.
    public var count: Int { channels * plane }

    /// The pixels of one channel.
    public var plane: Int { height * width }
}
