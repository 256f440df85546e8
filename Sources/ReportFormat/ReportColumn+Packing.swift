import CZlib
import Foundation

/// A column as text of a JSON document.
extension ReportColumn {
    /// Its bytes in base64: compressed if that makes them a tenth smaller.
    public var packed: (isPacked: Bool, base64: String) {
        if let small = compressed, small.count * 10 < bytes.count * 9 {
            return (true, Data(small).base64EncodedString())
        }
        return (false, Data(bytes).base64EncodedString())
    }

    /// Why a column cannot be read.
    public enum Damage: Error, Hashable, Sendable, CustomStringConvertible {
        case noBase64
        case notCompressed
        /// In elements, of which the last one may be cut.
        case otherCount(expected: Int)
        case tooLarge

        public var description: String {
            switch self {
            case .noBase64: "its bytes are not written in base64"
            case .notCompressed: "its compressed bytes are damaged"
            case .otherCount(let expected): "it does not have \(expected) elements"
            case .tooLarge: "it is larger than that of any sweep"
            }
        }
    }

    /// No column of a report is larger when it is unpacked, and a small file may claim to be.
    private static let maxBytes = 1 << 28

    /// - Parameters:
    ///   - count: how many elements there have to be; nil where that is not known yet. It says nothing of texts.
    /// - Throws: `Damage`.
    public init(_ kind: Kind, base64: String, isPacked: Bool, count: Int? = nil) throws(Damage) {
        guard let data = Data(base64Encoded: base64) else { throw .noBase64 }
        var expected: Int?
        if let count, kind != .text {
            let (size, isTooLarge) = count.multipliedReportingOverflow(by: kind.width)
            if isTooLarge || size > Self.maxBytes || size < 0 { throw .tooLarge }
            expected = size
        }
        var bytes = Array(data)
        if isPacked { bytes = Self.gathered(try Self.inflated(bytes, to: expected, count), width: kind.width) }
        if let expected, bytes.count != expected { throw .otherCount(expected: count ?? 0) }
        guard bytes.count % kind.width == 0 else { throw .otherCount(expected: bytes.count / kind.width + 1) }
        self.init(kind, bytes)
    }

    // MARK: Planes

    /// All first bytes, then all second bytes, and so on, which puts exponents beside exponents; then zlib.
    private var compressed: [UInt8]? {
        if bytes.isEmpty { return nil }
        var planes: [UInt8] = []
        planes.reserveCapacity(bytes.count)
        for plane in 0..<kind.width {
            for place in stride(from: plane, to: bytes.count, by: kind.width) { planes.append(bytes[place]) }
        }
        var size = compressBound(uLong(planes.count))
        var packed = [UInt8](repeating: 0, count: Int(size))
        guard compress2(&packed, &size, planes, uLong(planes.count), 9) == Z_OK else { return nil }
        return Array(packed.prefix(Int(size)))
    }

    /// The bytes of each element beside each other again. What is left over is dropped; the count then does not fit.
    private static func gathered(_ planes: [UInt8], width: Int) -> [UInt8] {
        if width == 1 { return planes }
        let count = planes.count / width
        var bytes = [UInt8](repeating: 0, count: count * width)
        for plane in 0..<width {
            for place in 0..<count { bytes[place * width + plane] = planes[plane * count + place] }
        }
        return bytes
    }

    // MARK: zlib

    /// - Parameter size: how many bytes it has to be, if that is known; `count` is the same in elements.
    private static func inflated(_ packed: [UInt8], to size: Int?, _ count: Int?) throws(Damage) -> [UInt8] {
        // No stream of zlib's expands more than 1032 times.
        let most = min(maxBytes, packed.count * 1032 + 64)
        var room = size.map { max($0, 1) } ?? min(most, packed.count * 8 + 64)
        while true {
            var bytes = [UInt8](repeating: 0, count: room)
            var used = uLong(room)
            switch uncompress(&bytes, &used, packed, uLong(packed.count)) {
            case Z_OK: return Array(bytes.prefix(Int(used)))
            case Z_BUF_ERROR:
                // There is more than fits, or the stream is cut off, which zlib does not tell apart.
                if size != nil { throw .otherCount(expected: count ?? 0) }
                if room >= most { throw most == maxBytes ? .tooLarge : .notCompressed }
                room = min(most, room * 4)
            default: throw .notCompressed
            }
        }
    }
}
