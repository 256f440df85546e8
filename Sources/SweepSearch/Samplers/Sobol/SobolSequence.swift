import RandomStreams

/// The Sobol' sequence under Owen's nested uniform scrambling.
///
/// Any 2ᵏ consecutive points from a multiple of 2ᵏ on, looked at in any single dimension, have one in each of the 2ᵏ
/// equal parts of the unit interval; each point by itself is uniformly distributed, and so is every estimate over the
/// points free of bias. Which of the scrambled sequences it is depends on the seed alone.
///
/// Sources: Sobol' 1967; Joe and Kuo 2008 for the direction numbers; Owen 1995, "Randomly Permuted (t,m,s)-Nets and
/// (t,s)-Sequences", for the scrambling.
package struct SobolSequence: Sendable {
    /// Dimensions beyond these have no direction numbers.
    package static let mostDimensions = 256

    private static let bits = 32
    /// For every dimension the 32 direction numbers vⱼ, the first bit of the fraction on top.
    private static let directions: [[UInt32]] = {
        let first = (0..<bits).map { UInt32(1) << (31 - $0) }
        return [first]
            + joeKuoDirections.split(separator: ";").compactMap { entry in
                let numbers = entry.split(whereSeparator: \.isWhitespace).compactMap { UInt32($0) }
                return numbers.isEmpty ? nil : extended(Array(numbers.dropFirst()), coefficients: numbers[0])
            }
    }()

    private let seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    /// mₖ = 2a₁mₖ₋₁ ⊕ 2²a₂mₖ₋₂ ⊕ … ⊕ 2ˢmₖ₋ₛ ⊕ mₖ₋ₛ,  vₖ = mₖ/2ᵏ.
    private static func extended(_ initial: [UInt32], coefficients: UInt32) -> [UInt32] {
        let degree = initial.count
        var numbers = initial.enumerated().map { $1 << (31 - UInt32($0)) }
        for index in degree..<bits {
            var next = numbers[index - degree] ^ (numbers[index - degree] >> UInt32(degree))
            for term in 1..<max(degree, 1) where coefficients >> UInt32(degree - 1 - term) & 1 == 1 {
                next ^= numbers[index - term]
            }
            numbers.append(next)
        }
        return numbers
    }

    /// A coordinate of a point of the sequence before scrambling, as the bits of a fraction.
    package static func bits(_ index: UInt32, dimension: Int) -> UInt32 {
        let numbers = directions[dimension]
        var bits: UInt32 = 0
        var rest = index
        while rest != 0 {
            bits ^= numbers[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return bits
    }

    /// A coordinate of a scrambled point, in (0, 1).
    ///
    /// Every bit is flipped or not by a coin that belongs to the dimension and the bits above it; behind the 32nd come
    /// random bits.
    package func coordinate(_ index: UInt32, dimension: Int) -> Double {
        let bits = Self.bits(index, dimension: dimension)
        let key = SIMD2(seed, StreamName.sobolScrambling.rawValue)
        var scrambled: UInt32 = 0
        for level in 0..<UInt32(Self.bits) {
            // The leading 1 tells prefixes of different lengths apart.
            let prefix = UInt64(1) << UInt64(level) | (UInt64(bits) >> UInt64(32 - level))
            let coin = Philox.block(
                counter: Philox.Block(UInt64(dimension), prefix, 0, 0), key: key)
            scrambled |= ((bits >> (31 - level) & 1) ^ UInt32(coin[0] & 1)) << (31 - level)
        }
        let tail = Philox.block(
            counter: Philox.Block(UInt64(dimension), UInt64(index), 1, 0), key: key)
        return Self.coordinate(scrambled, tail: tail[0])
    }

    /// In (0, 1); the sum alone would be rounded to 1 near the end.
    package static func coordinate(_ scrambled: UInt32, tail: UInt64) -> Double {
        min((Double(scrambled) + (Double(tail >> 12) + 0.5) * 0x1p-52) * 0x1p-32, 1.0.nextDown)
    }
}
