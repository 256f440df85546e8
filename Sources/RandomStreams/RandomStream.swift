/// A reproducible sequence of random numbers, named by a seed, a stream and two indices.
///
/// Streams that differ in any of the four coordinates are independent, and none needs another to be drawn first: the
/// order of epoch 40 is `RandomStream(seed: s, stream: order, 40)`, whether or not epoch 39 was ever run. The numbers
/// depend on nothing but these coordinates, the position and the method called; they are part of the file format and
/// do not change between releases.
///
/// Use the methods below rather than the standard library's `random(in:using:)` and `shuffle(using:)`, whose
/// algorithms may change with the compiler.
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable {
    private let key: SIMD2<UInt64>
    private var counter: Philox.Block
    private var block = Philox.Block()
    private var unused = 0

    /// The sequence at these coordinates, from its beginning.
    ///
    /// - Parameters:
    ///   - seed: what a user gives to have other numbers.
    ///   - stream: what the numbers are for.
    ///   - index: which of the things that draw from this stream, as `StreamName` says.
    public init(seed: UInt64, stream: StreamName, _ index: UInt64 = 0, _ subindex: UInt64 = 0) {
        self.init(seed: seed, stream: stream.rawValue, index, subindex)
    }

    /// A stream that is in no register: for tests and benchmarks, whose numbers are in no file.
    package init(seed: UInt64, stream: UInt64, _ index: UInt64 = 0, _ subindex: UInt64 = 0) {
        key = SIMD2(seed, stream)
        counter = Philox.Block(0, index, subindex, 0)
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        if unused == 0 {
            block = Philox.block(counter: counter, key: key)
            counter[0] &+= 1
            unused = 4
        }
        defer { unused -= 1 }
        return block[4 - unused]
    }

    /// A number in `[0, 1)`, a multiple of 2⁻⁵³.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number in the open interval `(0, 1)`.
    public mutating func openUniform() -> Double { Self.openUniform(ofBits: next()) }

    /// An odd multiple of 2⁻⁵⁴, rounded to 53 bits from ½ on; the largest of them, which would be rounded to 1, is the
    /// last number below 1.
    package static func openUniform(ofBits bits: UInt64) -> Double {
        min((Double(bits >> 11) + 0.5) * 0x1p-53, 1.0.nextDown)
    }

    /// An integer in `0..<bound`, each equally likely.
    ///
    /// Source: Lemire, "Fast Random Integer Generation in an Interval", 2019.
    public mutating func integer(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "no integer lies below 0")
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// A number from the standard normal distribution, by inversion: one draw of 64 bits for each number.
    public mutating func normal() -> Double {
        standardNormalQuantile(openUniform())
    }

    /// A uniformly random order of `0..<count` (Fisher and Yates).
    public mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        guard count > 1 else { return order }
        for last in stride(from: count - 1, through: 1, by: -1) {
            order.swapAt(last, Int(integer(below: UInt64(last) + 1)))
        }
        return order
    }
}
