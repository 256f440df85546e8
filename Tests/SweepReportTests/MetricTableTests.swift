import SweepModel
import SweepReport
import Testing

@Suite struct MetricTableTests {
    private static let objectives = Objectives(
        [
            Metric(name: "loss", goal: .minimize, rule: .best), Metric(name: "size", goal: .minimize, rule: .best),
        ], bounds: [MetricBound(metric: "latency", .atMost, 20)])

    @Test func `a further objective has the value that counts, and any other metric its last one`() {
        let trial = Example.trial(3, ["lr": 0.1], .complete(0.5, further: ["size": 3, "latency": 9]))
        let table = MetricTable(
            parameterNames: ["lr"], objectives: Self.objectives,
            lastMetrics: [3: ["loss": 0.75, "size": 5, "latency": 8, "acc": 0.25]], front: [3])
        #expect(
            table.header.hasSuffix(
                ",attempts,keeps_bounds,front,param.lr,metric.acc,metric.latency,metric.loss,metric.size\r\n"),
            "\(table.header)")
        #expect(
            table.line(for: trial).hasSuffix(",true,true,0.1,0.25,9.0,0.75,3.0\r\n"), "\(table.line(for: trial))")
    }

    @Test func `a further objective has a column where nothing is known of it`() {
        let table = MetricTable(parameterNames: ["lr"], objectives: Self.objectives, lastMetrics: [:], front: [])
        #expect(table.header.hasSuffix(",param.lr,metric.latency,metric.size\r\n"), "\(table.header)")
        let failed = Example.trial(0, ["lr": 0.1], TrialEnding(.failed, .told("no")))
        #expect(table.line(for: failed).hasSuffix(",,,0.1,,\r\n"), "\(table.line(for: failed))")
    }
}
