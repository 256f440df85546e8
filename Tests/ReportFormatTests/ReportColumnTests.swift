import Foundation
import ReportFormat
import Testing

/// What is written as a column is read back, and what is no column is refused.
@Suite struct ReportColumnTests {
    private func again(_ column: ReportColumn, count: Int?) throws -> ReportColumn {
        let (isPacked, base64) = column.packed
        return try ReportColumn(column.kind, base64: base64, isPacked: isPacked, count: count)
    }

    @Test(arguments: [0, 1, 7, 1000])
    func `numbers of every kind are read back to the last bit`(count: Int) throws {
        var numbers: [Double] = []
        for place in 0..<count {
            let scale: Double = place % 2 == 0 ? 1e300 : -1e-300
            numbers.append(place % 5 == 3 ? Double.nan : scale / Double(place + 3))
        }
        let read = try #require(try again(.numbers(numbers), count: count).numbers)
        #expect(read.map(\.bitPattern) == numbers.map(\.bitPattern))
        let integers = (0..<count).map { $0 * 97 % 256 }
        #expect(try again(.counts(integers, as: UInt8.self), count: count).integers == integers)
        #expect(
            try again(.counts(integers.map { $0 * 200 }, as: UInt16.self), count: count).integers?.last
                == integers.last.map { $0 * 200 })
        #expect(
            try again(.counts(integers.map { $0 << 20 }, as: UInt32.self), count: nil).integers
                == integers.map { $0 << 20 })
        let texts = (0..<count).map { place -> String in place % 3 == 0 ? "" : "größe \(place) \"</script>" }
        #expect(try again(.texts(texts), count: nil).texts(count: count) == texts)
    }

    @Test func `marks keep sixteen binary digits`() throws {
        let numbers = [1 / 3.0, -2e-7, 1e30, 0, 1]
        let read = try #require(try again(.marks(numbers), count: 5).numbers)
        for (old, new) in zip(numbers, read) { #expect(abs(old - new) <= abs(old) * 0x1p-16) }
    }

    @Test(arguments: [3, 254, 255, 60_000])
    func `a value that does not exist is no value, in any kind of column`(words: Int) throws {
        let places = ReportColumn.places([.value(0), .inactive, .unknown, .value(words - 1)], of: words)
        let cells = try #require(try again(places, count: 4).placeCells)
        #expect(cells.map { "\($0)" } == ["value(0)", "inactive", "unknown", "value(\(words - 1))"])
        let numbers = try #require(
            try again(.numbers(cells: [.value(0.5), .inactive, .unknown]), count: 3).numberCells)
        #expect(numbers.map { "\($0)" } == ["value(0.5)", "inactive", "unknown"])
        let column = try #require(ReportColumn.integers(cells: [.value(-7), .inactive, .unknown]))
        #expect(try again(column, count: 3).integerCells?.map { "\($0)" } == ["value(-7)", "inactive", "unknown"])
        #expect(ReportColumn.integers(cells: [.value(Int(Int32.min))]) == nil)
    }

    @Test func `lists of any length are counted`() {
        #expect(ReportColumn.lengths([0, 255]).kind == .u8 && ReportColumn.lengths([256]).kind == .u16)
        #expect(ReportColumn.lengths([70_000]).integers == [70_000])
    }

    @Test func `what is damaged is refused`() throws {
        let (isPacked, base64) = ReportColumn.numbers(Array(repeating: 0.5, count: 1000)).packed
        #expect(isPacked)
        #expect(throws: ReportColumn.Damage.otherCount(expected: 999)) {
            _ = try ReportColumn(.f64, base64: base64, isPacked: true, count: 999)
        }
        #expect(throws: ReportColumn.Damage.otherCount(expected: 1001)) {
            _ = try ReportColumn(.f64, base64: base64, isPacked: true, count: 1001)
        }
        #expect(throws: ReportColumn.Damage.noBase64) {
            _ = try ReportColumn(.f64, base64: "no!", isPacked: false, count: 1)
        }
        #expect(throws: ReportColumn.Damage.tooLarge) {
            _ = try ReportColumn(.f64, base64: base64, isPacked: true, count: .max / 2)
        }
        let bytes = try #require(Data(base64Encoded: base64))
        for cut in [0, 1, 2, bytes.count / 2, bytes.count - 1] {
            #expect(throws: ReportColumn.Damage.self) {
                _ = try ReportColumn(.text, base64: bytes.prefix(cut).base64EncodedString(), isPacked: true)
            }
        }
        #expect(try ReportColumn(.text, base64: "/w==", isPacked: false).texts(count: 1) == nil)
        #expect(try ReportColumn(.text, base64: "YQ==", isPacked: false).texts(count: 2) == nil)
    }

    @Test func `the block is found among what only looks like it`() {
        let page = "<!DOCTYPE html><title>&lt;script type=\"application/json\" id=\"data\"></title>"
        let json = "{\"text\": \"</script><script type='x'>\"}"
        let bytes = Array((page + ReportBlock.html(json) + "<script>run()</script>").utf8)
        guard case .json(let found) = ReportBlock.content(of: bytes) else {
            Issue.record("nothing was found")
            return
        }
        #expect(String(decoding: found, as: UTF8.self) == json.replacing("<", with: "\\u003c"))
        #expect(ReportBlock.content(of: Array(page.utf8)) == .none)
        let start = page.utf8.count
        #expect(ReportBlock.content(of: Array(bytes.prefix(start + 60))) == .cutOff)
        let served = "<script type=\"application/json\" id=\"data\" data-source=\"data.json\"></script>"
        #expect(ReportBlock.content(of: Array(served.utf8)) == .elsewhere)
        #expect(ReportBlock.isPage("\u{FEFF} \n<!DOCTYPE HTML>".utf8) && ReportBlock.isPage("<html lang=en>".utf8))
        #expect(!ReportBlock.isPage("number,value\n".utf8) && !ReportBlock.isPage("<h1>,b\n".utf8))
    }
}
