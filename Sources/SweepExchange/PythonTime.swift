import Foundation

/// Times as Python writes them: `2026-11-28T05:00:00.125000+00:00`, or without an offset, or with a space for the T.
enum PythonTime {
    /// - Parameter utc: whether a time without an offset is in UTC; else it is this machine's local time.
    /// - Returns: nil for a text that is no such time.
    static func date(_ text: String, utc: Bool) -> Date? {
        let pattern = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:(Z)|([+-])(\d\d):(\d\d))?/
        guard let match = text.wholeMatch(of: pattern)?.output else { return nil }
        func number(_ digits: Substring) -> Int32 { Int32(digits) ?? 0 }
        var time = tm()
        time.tm_year = number(match.1) - 1900
        time.tm_mon = number(match.2) - 1
        time.tm_mday = number(match.3)
        time.tm_hour = number(match.4)
        time.tm_min = number(match.5)
        time.tm_sec = number(match.6)
        time.tm_isdst = -1
        var seconds: Double
        if let sign = match.9, let hours = match.10, let minutes = match.11 {
            let offset = Double(number(hours) * 60 + number(minutes)) * 60
            seconds = Double(timegm(&time)) - (sign == "-" ? -offset : offset)
        } else {
            seconds = Double(match.8 != nil || utc ? timegm(&time) : mktime(&time))
        }
        seconds += match.7.flatMap { Double("0\($0)") } ?? 0
        return Date(timeIntervalSince1970: seconds)
    }

    /// The time in UTC to the microsecond, such as `2026-11-28T05:00:00.125000`.
    ///
    /// - Parameter separator: between date and time.
    static func text(_ date: Date, separator: Character = "T") -> String {
        let limit = 253_402_300_799.0
        let microseconds = (min(max(date.timeIntervalSince1970, -62_135_596_800), limit) * 1e6).rounded()
        let whole = (microseconds / 1e6).rounded(.down)
        var (clock, time) = (time_t(whole), tm())
        gmtime_r(&clock, &time)
        func digits(_ number: some BinaryInteger, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let day = "\(digits(time.tm_year + 1900, 4))-\(digits(time.tm_mon + 1, 2))-\(digits(time.tm_mday, 2))"
        let hour = "\(digits(time.tm_hour, 2)):\(digits(time.tm_min, 2)):\(digits(time.tm_sec, 2))"
        return "\(day)\(separator)\(hour).\(digits(Int(microseconds - whole * 1e6), 6))"
    }
}
