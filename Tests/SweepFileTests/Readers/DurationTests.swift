import SweepFile
import Testing

@Suite struct DurationTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("90s", .seconds(90)), ("30m", .seconds(1800)), ("2h", .seconds(7200)),
        ("1d", .seconds(86_400)), ("1h30m", .seconds(5400)), ("1.5h", .seconds(5400)), (".5s", .milliseconds(500)),
        ("1d2h3m4s5ms", .milliseconds(93_784_005)), ("0s", .zero), ("30m1h", .seconds(5400)), ("0.4ms", .zero),
        ("0.6ms", .milliseconds(1)),
        ("36525d", .seconds(36_525 * 86_400)),
    ])
    func `a length of time is numbers with units`(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(arguments: [
        "", "30", "s", "30 s", " 30s", "30S", "30min", "1h30", "-3s", "+3s", "1e3s", "1.2.3s", ".s", "٣s", "3µs",
        "nans", "infs", "36526d",
        "99999999999999999999999999d", String(repeating: "9", count: 400) + "ms",
    ])
    func `anything else is none`(text: String) {
        #expect(Duration(text: text) == nil)
    }
}
