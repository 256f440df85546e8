import RandomStreams
import Testing

@Suite struct RandomStreamTests {
    /// Random123's `kat_vectors` for philox4x64 with 10 rounds.
    @Test(arguments: [
        (
            Philox.Block(), SIMD2<UInt64>(),
            Philox.Block(0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b)
        ),
        (
            Philox.Block(repeating: .max), SIMD2(UInt64.max, UInt64.max),
            Philox.Block(0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0)
        ),
        (
            Philox.Block(0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89),
            SIMD2(0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c),
            Philox.Block(0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6)
        ),
    ])
    func `the generator reproduces the published vectors`(
        counter: Philox.Block, key: SIMD2<UInt64>, expected: Philox.Block
    ) {
        #expect(Philox.block(counter: counter, key: key) == expected)
    }

    @Test func `a stream is the blocks at its coordinates in order`() {
        var stream = RandomStream(seed: 7, stream: 2, 3, 5)
        let drawn = (0..<4).map { _ in stream.next() }
        // Computed with an independent implementation in Python.
        #expect(drawn == [0x682a_bbe3_a6ad_8b94, 0x51f0_69b0_1b07_e925, 0xe8d2_c8a3_0081_0866, 0xdb8f_e12d_e760_0cb5])
        #expect(stream.next() == Philox.block(counter: Philox.Block(1, 3, 5, 0), key: SIMD2(7, 2))[0])
    }

    /// Stored sweeps and runs can be resumed only as long as every stream keeps its number.
    @Test func `a registered stream keeps its number`() {
        let numbers: [StreamName: UInt64] = [
            .trialValues: 1, .trainerSeed: 2, .confirmationSeed: 3, .evolutionStrategyRestart: 289_058_932_051,
            .sobolScrambling: 358_351_007_596, .feasibility: 1_717_920_115, .spacePreview: 1_886_545_270,
            .importanceResampling: 1_768_779_890, .importanceForest: 1_768_779_878,
            .explanation: 1_702_391_916, .transfer: 1_953_653_102,
            .weights: 4097, .projections: 4098, .readout: 4099, .sketch: 4100, .inverseNoise: 4101,
            .validationSplit: 8193, .order: 8194, .augmentation: 8195, .evaluationSubset: 8196,
            .syntheticCentres: 8209, .syntheticTraining: 8210, .syntheticTest: 8211,
            .targetFunction: 12289, .targetNoise: 12290, .tangentProbes: 16385,
        ]
        #expect(Dictionary(uniqueKeysWithValues: StreamName.allCases.map { ($0, $0.rawValue) }) == numbers)
        var named = RandomStream(seed: 7, stream: .order, 3)
        var numbered = RandomStream(seed: 7, stream: 8194, 3)
        #expect(named.next() == numbered.next())
    }

    @Test func `streams that differ in one coordinate share no number`() {
        let coordinates: [(UInt64, UInt64, UInt64, UInt64)] = [
            (0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1),
        ]
        var seen = Set<UInt64>()
        for (seed, stream, index, subindex) in coordinates {
            var random = RandomStream(seed: seed, stream: stream, index, subindex)
            for _ in 0..<1000 { seen.insert(random.next()) }
        }
        #expect(seen.count == 5000)
    }

    @Test(arguments: [0, 1, 1 << 63, UInt64.max - 1 << 11, .max])
    func `whatever the bits, an open uniform number lies between 0 and 1 and its normal quantile is finite`(
        bits: UInt64
    ) {
        let number = RandomStream.openUniform(ofBits: bits)
        #expect(number > 0 && number < 1)
        #expect(standardNormalQuantile(number).isFinite)
    }

    /// Reference values from SciPy's `norm.ppf`.
    @Test(arguments: [
        (0.5, 0), (0.6, 0.2533471031357997), (0.075, -1.4395314709384563), (0.0749, -1.4402382675279635),
        (0.01, -2.3263478740408408), (1e-6, -4.753424308822899), (1e-12, -7.034483825301131),
        (1e-100, -21.273453560965322), (0.975, 1.959963984540054),
    ])
    func `the normal quantile is exact to a few ulp`(probability: Double, expected: Double) {
        #expect(abs(standardNormalQuantile(probability) - expected) <= 4 * expected.ulp)
    }

    @Test func `the normal quantile is odd and defined at the ends`() {
        #expect(standardNormalQuantile(0) == -.infinity)
        #expect(standardNormalQuantile(1) == .infinity)
        #expect(standardNormalQuantile(-0.1).isNaN)
        #expect(standardNormalQuantile(.nan).isNaN)
        #expect(standardNormalQuantile(0.25) == -standardNormalQuantile(0.75))
    }

    @Test func `uniform numbers have the moments of the uniform distribution`() {
        var random = RandomStream(seed: 1, stream: 0)
        let count = 200_000
        let drawn = (0..<count).map { _ in random.uniform() }
        let mean = drawn.reduce(0, +) / Double(count)
        let variance = drawn.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)
        #expect(drawn.allSatisfy { (0..<1).contains($0) })
        // Six standard errors: of the mean 1/√(12n), of the variance 1/√(180n).
        #expect(abs(mean - 0.5) < 6 / (12 * Double(count)).squareRoot())
        #expect(abs(variance - 1.0 / 12) < 6 / (180 * Double(count)).squareRoot())
    }

    @Test func `normal numbers have the moments of the normal distribution`() {
        var random = RandomStream(seed: 1, stream: 0)
        let count = 200_000
        let drawn = (0..<count).map { _ in random.normal() }
        let mean = drawn.reduce(0, +) / Double(count)
        let variance = drawn.map { $0 * $0 }.reduce(0, +) / Double(count)
        let fourth = drawn.map { $0 * $0 * $0 * $0 }.reduce(0, +) / Double(count)
        // Six standard errors: Var(x) = 1, Var(x²) = 2, Var(x⁴) = 96.
        #expect(abs(mean) < 6 / Double(count).squareRoot())
        #expect(abs(variance - 1) < 6 * (2 / Double(count)).squareRoot())
        #expect(abs(fourth - 3) < 6 * (96 / Double(count)).squareRoot())
    }

    @Test(arguments: [1, 2, 3, 7, 1000]) func `integers below a bound are legal and equally likely`(bound: UInt64) {
        var random = RandomStream(seed: 3, stream: bound)
        var counts = [UInt64: Int]()
        let draws = 1000 * Int(bound)
        for _ in 0..<draws { counts[random.integer(below: bound), default: 0] += 1 }
        #expect(counts.keys.allSatisfy { $0 < bound })
        // Each count is near Poisson(1000); six standard deviations.
        #expect((0..<bound).allSatisfy { abs(Double(counts[$0] ?? 0) - 1000) < 6 * 1000.0.squareRoot() })
    }

    @Test func `integers reach the largest bound without bias or trap`() {
        var random = RandomStream(seed: 4, stream: 0)
        let bound = UInt64.max / 2 + 2
        let drawn = (0..<1000).map { _ in random.integer(below: bound) }
        #expect(drawn.allSatisfy { $0 < bound })
        #expect(drawn.contains { $0 > bound / 2 })
    }

    @Test(arguments: [0, 1, 2, 100]) func `a permutation holds every index once`(count: Int) {
        var random = RandomStream(seed: 5, stream: 0)
        #expect(random.permutation(of: count).sorted() == Array(0..<count))
    }

    @Test func `every order of three is equally likely`() {
        var random = RandomStream(seed: 6, stream: 0)
        var counts = [[Int]: Int]()
        for _ in 0..<6000 { counts[random.permutation(of: 3), default: 0] += 1 }
        #expect(counts.count == 6)
        #expect(counts.values.allSatisfy { abs(Double($0) - 1000) < 6 * 1000.0.squareRoot() })
    }
}
