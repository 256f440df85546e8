import Statistics
import Testing

/// Student's distribution, by which a few numbers are judged.
@Suite struct StudentDistributionTests {
    /// From tables of the distribution.
    @Test(arguments: [
        (1, 12.706204736), (2, 4.302652730), (4, 2.776445105), (9, 2.262157163), (30, 2.042272456), (999, 1.962341461),
    ])
    func `quantiles of Student's distribution are those of the tables`(degrees: Int, expected: Double) {
        let student = StudentDistribution(degreesOfFreedom: degrees)
        #expect(abs(student.quantile(0.975) - expected) < 1e-8 * expected)
        #expect(abs(student.probability(beyond: expected) - 0.05) < 1e-9)
        #expect(student.probability(beyond: 0) == 1 && student.probability(beyond: .infinity) == 0)
    }
}
