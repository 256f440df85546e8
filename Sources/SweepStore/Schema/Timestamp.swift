import Foundation

/// Times in the store: ISO 8601 in UTC to the millisecond, such as `2026-03-01T09:30:00.125Z`. They sort as text, and
/// SQLite's functions of dates read them.
///
/// A listing of ten thousand trials reads and writes some thirty thousand of these, for which Foundation's format
/// would need longer than everything else. So the arithmetic is here, for the years of four digits; Foundation does the
/// rest.
extension Date {
    /// The time as the store has it. Years outside of 1600 to 9999 do not come back.
    public var timestamp: String {
        let milliseconds = (timeIntervalSince1970 * 1000).rounded()
        guard milliseconds.magnitude < 6e13, let text = Self.text(milliseconds: Int(milliseconds)) else {
            // The format cuts off fractions of a millisecond. A whole number of milliseconds is seldom exact in binary
            // and could lose one, hence the quarter that is added.
            return Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000)
                .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return text
    }

    /// Whether the store gives a time back as it was written: its year is from 1600 to 9999. A file that comes from
    /// elsewhere may hold any other.
    public var isStorable: Bool {
        let milliseconds = (timeIntervalSince1970 * 1000).rounded()
        return milliseconds.magnitude < 3e14 && Self.text(milliseconds: Int(milliseconds)) != nil
    }

    /// Nil for a text that is not a time in this form.
    init?(timestamp: String) {
        if let date = Self.date(plain: timestamp) {
            self = date
            return
        }
        guard let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(timestamp) else {
            return nil
        }
        self = date
    }

    /// The days from 1970-01-01 to the first of March of the year 0, at which a cycle of 400 years begins: so February,
    /// which varies, is at the end of a year.
    private static let epoch = 719_468
    private static let daysOfCycle = 146_097

    /// The text for a time, from its distance to 1970; nil for years before 1600 and after 9999.
    private static func text(milliseconds: Int) -> String? {
        let (days, rest) = (floorDivision(milliseconds, 86_400_000), remainder(milliseconds, 86_400_000))
        let shifted = days + epoch
        let (cycle, day) = (floorDivision(shifted, daysOfCycle), remainder(shifted, daysOfCycle))
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let calendarYear = year + 400 * cycle + (calendarMonth <= 2 ? 1 : 0)
        guard (1600...9999).contains(calendarYear) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func add(_ number: Int, digits: Int, then mark: Unicode.Scalar) {
            var place = digits == 4 ? 1000 : digits == 3 ? 100 : 10
            while place > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(number / place % 10))
                place /= 10
            }
            bytes.append(UInt8(ascii: mark))
        }
        add(calendarYear, digits: 4, then: "-")
        add(calendarMonth, digits: 2, then: "-")
        add(dayOfMonth, digits: 2, then: "T")
        add(rest / 3_600_000, digits: 2, then: ":")
        add(rest / 60_000 % 60, digits: 2, then: ":")
        add(rest / 1000 % 60, digits: 2, then: ".")
        add(rest % 1000, digits: 3, then: "Z")
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The time for a text of exactly the form that `text(milliseconds:)` writes; nil for any other.
    private static func date(plain text: String) -> Date? {
        var text = text
        return text.withUTF8 { date(plain: UnsafeRawBufferPointer($0)) }
    }

    private static func date(plain bytes: UnsafeRawBufferPointer) -> Date? {
        guard bytes.count == 24 else { return nil }
        for (index, byte) in bytes.enumerated() {
            switch index {
            case 4, 7: if byte != UInt8(ascii: "-") { return nil }
            case 10: if byte != UInt8(ascii: "T") { return nil }
            case 13, 16: if byte != UInt8(ascii: ":") { return nil }
            case 19: if byte != UInt8(ascii: ".") { return nil }
            case 23: if byte != UInt8(ascii: "Z") { return nil }
            default: if byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") { return nil }
            }
        }
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reduce(0) { 10 * $0 + Int($1) - Int(UInt8(ascii: "0")) }
        }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        // Years before 1600 are left to Foundation, which knows the calendar of that time.
        guard year >= 1600, (1...12).contains(month), day >= 1, day <= days(inMonth: month, of: year), hour < 24,
            minute < 60, second < 60
        else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let cycle = floorDivision(shiftedYear, 400)
        let yearOfCycle = shiftedYear - 400 * cycle
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = cycle * daysOfCycle + 365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear - epoch
        let seconds = 86_400 * days + 3600 * hour + 60 * minute + second
        let milliseconds = number(20..<23)
        let sinceReference = Double(seconds) - timeIntervalBetween1970AndReferenceDate
        return Date(timeIntervalSinceReferenceDate: sinceReference + Double(milliseconds) / 1000)
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The quotient that is rounded down, also for times before 1970.
    private static func floorDivision(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : (number + 1) / divisor - 1
    }

    private static func remainder(_ number: Int, _ divisor: Int) -> Int {
        number - divisor * floorDivision(number, divisor)
    }
}
