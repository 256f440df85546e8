/// How the numbers of an image follow each other: one plane for each channel, each plane row by row.
///
///     let shape = ImageShape(channels: 3, height: 32, width: 32)
///     shape.count                     // 3072
///     shape.plane                     // 1024
///     // the number of channel c, row y, column x is at c * shape.plane + y * shape.width + x
public struct ImageShape: Hashable, Sendable {
    /// 1 for grey images, 3 for colour ones.
    public let channels: Int
    /// In pixels, as the width.
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
