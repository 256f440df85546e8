import Foundation
import SweepFile
import SweepModel
import SweepSearch
import TerminalDrawing

/// Numbers and times as people read them. Programs get them with all digits from `--json` and CSV.
public enum HumanText {
    /// A text that is broken between words, with what goes on set in; nil for `columns` leaves it whole.
    public static func wrapped(_ text: String, columns: Int?) -> String {
        FittedText(columns: columns).paragraph(text, indent: 2)
    }

    /// Five significant digits: `0.97909`, `1e-05`.
    public static func number(_ value: Double) -> String {
        formatted("%.5g", value)
    }

    /// A number in a format of C's `printf`, of 63 characters at most.
    ///
    /// Foundation's formatting takes several times as long, which a table of ten thousand trials shows.
    static func formatted(_ format: String, _ value: Double) -> String {
        withVaList([value]) { arguments in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
                let count = vsnprintf(buffer.baseAddress, buffer.count, format, arguments)
                let bytes = UnsafeRawBufferPointer(buffer).prefix(max(0, min(Int(count), buffer.count - 1)))
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// A number of things: `1 trial`, `3 trials`.
    public static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// With how many seeds a configuration was beyond a bound: `beyond a bound with 4 of 5 seeds`; nil for none.
    static func beyondBound(_ count: Int, of all: Int) -> String? {
        count == 0 ? nil : "beyond a bound with \(count) of \(self.count(all, "seed"))"
    }

    /// A parameter's value on one line, cut if it is long; JSON and CSV have all of it.
    public static func value(_ value: ParameterValue) -> String {
        if case .number(let number) = value { return self.number(number) }
        let text = value.argument
        return TerminalText.line(text.count > maxLength ? text.prefix(maxLength) + "…" : text)
    }

    private static let maxLength = 80

    /// A sentence with its numbers in five significant digits: those of a pruner have all.
    static func rounded(_ sentence: String) -> String {
        sentence.replacing(/\d+\.\d{5,}(?:e[-+]?\d+)?/) { match in
            Double(match.output).map(number) ?? String(match.output)
        }
    }

    /// A time that goes on, in whole seconds: tenths would change too often to be read.
    static func time(_ duration: Duration) -> String {
        let seconds = max(0, (duration / .seconds(1)).rounded(.down))
        return seconds < 10 ? formatted("%.0f", seconds) + " s" : self.duration(seconds: seconds)
    }

    /// `1.3 s`, `42 s`, `7 m 05 s`, `3 h 20 m`.
    public static func duration(seconds: Double) -> String {
        switch seconds {
        case ..<0: "0 s"
        case ..<9.95: formatted("%.1f", seconds) + " s"
        case ..<59.5: formatted("%.0f", seconds) + " s"
        case ..<3599.5: parts(Int(seconds.rounded()), "m", "s")
        // A damaged database may hold any number, and converting a larger one to `Int` would trap.
        case ...1e12: parts(Int(seconds.rounded()) / 60, "h", "m")
        default: "unknown"
        }
    }

    /// `7 m 05 s` for 425 of the smaller unit, of which 60 make one of the larger.
    private static func parts(_ count: Int, _ larger: String, _ smaller: String) -> String {
        "\(count / 60) \(larger) \(count % 60 < 10 ? "0" : "")\(count % 60) \(smaller)"
    }
}
