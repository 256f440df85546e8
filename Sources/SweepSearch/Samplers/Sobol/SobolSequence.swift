import RandomStreams

/// The Sobol' sequence with Owen's nested uniform scrambling, a function of the seed.
///
///     let sequence = SobolSequence(seed: 1)
///     let tenth = (0..<3).map { sequence.coordinate(9, dimension: $0) }       // the tenth point of the unit cube
///
/// In any single dimension, 2ᵏ consecutive points from a multiple of 2ᵏ on lie one in each of the 2ᵏ equal parts of the
/// unit interval. Each point by itself is uniformly distributed, so that means over the points are unbiased.
///
/// Sources: Joe and Kuo 2008, "Constructing Sobol' Sequences with Better Two-Dimensional Projections", for the
/// direction numbers and their recurrence; Owen 1995, "Randomly Permuted (t,m,s)-Nets and (t,s)-Sequences", for the
/// scrambling.
package struct SobolSequence: Sendable {
    /// The number of dimensions that have direction numbers.
    package static let maxDimensions = 256

    private static let bits = 32
    /// For every dimension the 32 direction numbers v₁, v₂, …, as fractions of 32 bits, the most significant bit first.
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

    /// All direction numbers of a dimension from its first s, by the recurrence of the primitive polynomial:
    ///
    ///     mₖ = 2a₁mₖ₋₁ ⊕ 2²a₂mₖ₋₂ ⊕ … ⊕ 2ˢmₖ₋ₛ ⊕ mₖ₋ₛ        vₖ = mₖ/2ᵏ
    ///
    /// - Parameter coefficients: a₁ … aₛ₋₁ as bits, a₁ the most significant.
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

    /// A coordinate of the `index`-th point before scrambling: the 32 bits of a fraction, ⊕ of vⱼ over the bits j of
    /// the index that are 1.
    ///
    ///     index           0       1       2       3       4
    ///     dimension 0     0       1/2     1/4     3/4     1/8         divided by 2³²
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
    /// Every bit is flipped or not by a random bit that is a function of the dimension and of the bits before it.
    /// Random bits follow after the 32nd.
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

    /// The fraction with these 32 bits and a random tail, in (0, 1). The minimum is for sums that are rounded to 1.
    package static func coordinate(_ scrambled: UInt32, tail: UInt64) -> Double {
        min((Double(scrambled) + (Double(tail >> 12) + 0.5) * 0x1p-52) * 0x1p-32, 1.0.nextDown)
    }
}
