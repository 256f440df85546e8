import CZlib
import Foundation

/// A column as text of a JSON document.
extension ReportColumn {
    /// How the bytes of a column stand in a document. The words are those of its key `packed`, but for the first two.
    public enum Packing: String, Sendable, Hashable, CaseIterable {
        /// As they are, in base 64; without the key.
        case plain
        /// Planes, compressed, in base 64: in reports of earlier releases, where the key is `true`.
        case earlier
        /// Planes, compressed, in base 91.
        case planes
        /// Differences of neighbours instead of the elements, then as `planes`.
        case differences
    }

    /// Its bytes as a short text: compressed if that makes the text a tenth shorter.
    public var packed: (packing: Packing, text: String) {
        let plain = Data(bytes).base64EncodedString()
        let candidates: [Packing] = kind.hasDifferences ? [.planes, .differences] : [.planes]
        let best = candidates.compactMap { packing in compressed(packing).map { (packing, Base91.text(of: $0)) } }
            .min { $0.1.utf8.count < $1.1.utf8.count }
        guard let best, best.1.utf8.count * 10 < plain.utf8.count * 9 else { return (.plain, plain) }
        return best
    }

    /// A text compressed, whatever its length: `packing` is `planes`.
    public static func packedText(_ text: String) -> String {
        texts([text]).compressed(.planes).map(Base91.text(of:)) ?? ""
    }

    /// Why a column cannot be read.
    public enum Damage: Error, Hashable, Sendable, CustomStringConvertible {
        case noBase64
        case noBase91
        case notCompressed
        /// In elements, of which the last one may be cut.
        case otherCount(expected: Int)
        case tooLarge

        public var description: String {
            switch self {
            case .noBase64: "its bytes are not written in base64"
            case .noBase91: "its bytes are not written in base 91"
            case .notCompressed: "its compressed bytes are damaged"
            case .otherCount(let expected): "it does not have \(expected) elements"
            case .tooLarge: "it is larger than that of any sweep"
            }
        }
    }

    /// No column of a report is larger when it is unpacked, and a small file may claim to be.
    private static let maxBytes = 1 << 28

    /// - Parameters:
    ///   - text: its bytes, as `packing` says.
    ///   - count: how many elements there have to be; nil where that is not known yet. It says nothing of texts.
    /// - Throws: `Damage`.
    public init(_ kind: Kind, _ text: String, packing: Packing, count: Int? = nil) throws(Damage) {
        var bytes: [UInt8]
        switch packing {
        case .plain, .earlier:
            guard let data = Data(base64Encoded: text) else { throw .noBase64 }
            bytes = Array(data)
        case .planes, .differences:
            guard let data = Base91.bytes(of: text) else { throw .noBase91 }
            bytes = data
        }
        var expected: Int?
        if let count, kind != .text {
            let (size, isTooLarge) = count.multipliedReportingOverflow(by: kind.width)
            if isTooLarge || size > Self.maxBytes || size < 0 { throw .tooLarge }
            expected = size
        }
        if packing != .plain {
            bytes = Self.gathered(try Self.inflated(bytes, to: expected, count), width: kind.width)
        }
        if let expected, bytes.count != expected { throw .otherCount(expected: count ?? 0) }
        guard bytes.count % kind.width == 0 else { throw .otherCount(expected: bytes.count / kind.width + 1) }
        if packing == .differences, kind.width == 4 { bytes = Self.summed(bytes) }
        self.init(kind, bytes)
    }

    // MARK: Planes

    /// All first bytes, then all second bytes, and so on, which puts exponents beside exponents; then zlib.
    private func compressed(_ packing: Packing) -> [UInt8]? {
        if bytes.isEmpty { return nil }
        let bytes = packing == .differences ? Self.differences(bytes) : bytes
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

    // MARK: Differences

    /// The difference of each element of 32 bits to the one before it, whatever these bits mean: neighbours in a curve
    /// or on a clock are alike. Its sign is the lowest bit, so that small ones of either sign have empty high bytes.
    private static func differences(_ bytes: [UInt8]) -> [UInt8] {
        var last: UInt32 = 0
        return mapped(bytes) { element in
            let difference = Int32(bitPattern: element &- last)
            last = element
            return UInt32(bitPattern: (difference << 1) ^ (difference >> 31))
        }
    }

    private static func summed(_ bytes: [UInt8]) -> [UInt8] {
        var last: UInt32 = 0
        return mapped(bytes) { element in
            last &+= (element >> 1) ^ (0 &- (element & 1))
            return last
        }
    }

    private static func mapped(_ bytes: [UInt8], _ change: (UInt32) -> UInt32) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for place in stride(from: 0, to: bytes.count - bytes.count % 4, by: 4) {
            let element = bytes[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            withUnsafeBytes(of: change(element).littleEndian) { result.append(contentsOf: $0) }
        }
        return result
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

extension ReportColumn.Kind {
    /// Whether its elements have the 32 bits that differences are made of.
    fileprivate var hasDifferences: Bool {
        switch self {
        case .u32, .i32, .f32: true
        case .u8, .u16, .f64, .text: false
        }
    }
}
