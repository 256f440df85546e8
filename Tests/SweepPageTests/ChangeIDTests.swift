import Foundation
import SweepFile
import SweepModel
import SweepPage
import SweepStore
import TestSupport
import Testing

/// How far a page has been told of a sweep, in a text that comes back from a browser.
@Suite struct ChangeIDTests {
    @Test func `an identifier is read back as it was written`() async throws {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await ReportPageTests.sweep(in: folder)
        let id = try ChangeID(of: store, record)
        #expect(ChangeID("\(id)") == id)
        #expect("\(id)".utf8.allSatisfy { UInt8(ascii: "!") <= $0 && $0 <= UInt8(ascii: "~") })
        let (json, same) = try LiveData.changes(in: store, file, record, since: id) ?? ("", id)
        #expect(same == id && json.contains("\"trials\":[]"))
    }

    @Test(arguments: [
        "", "-", "--", "0-0.0.0.0-0", "0000000000000000-0.0.0-0000000000000000",
        "0000000000000000-0.0.0.0.0-0000000000000000", "0000000000000000-0.0.0.-1-0000000000000000",
        "0000000000000000-0.0.0.+1-0000000000000000", "0000000000000000-00.0.0.0-0000000000000000",
        "0000000000000000-0.0.0.99999999999999999999-0000000000000000", "000000000000000A-0.0.0.0-0000000000000000",
        "+000000000000000-0.0.0.0-0000000000000000", "0000000000000000-0.0.0.0-0000000000000000\n",
        " 0000000000000000-0.0.0.0-0000000000000000", "0000000000000000-0.0.0.٣-0000000000000000",
        String(repeating: "0", count: 1 << 20),
    ])
    func `a text that no server has sent is no identifier`(text: String) {
        #expect(ChangeID(text) == nil)
    }

    @Test func `whoever comes from elsewhere is told to read everything`() async throws {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await ReportPageTests.sweep(in: folder)
        let parts = "\(try ChangeID(of: store, record))".split(separator: "-").map(String.init)
        let other = String(parts[0].reversed())
        for text in [
            // Another sweep, another past, more than there is, and much too much.
            "\(other)-\(parts[1])-\(parts[2])", "\(parts[0])-\(parts[1])-\(String(parts[2].reversed()))",
            "\(parts[0])-9.9.9999999.0-\(parts[2])",
            "\(parts[0])-\(Int.max).\(Int.max).\(Int.max).\(Int.max)-\(parts[2])",
        ] {
            let id = try #require(ChangeID(text))
            #expect(try LiveData.changes(in: store, file, record, since: id) == nil, "\(text)")
        }
        // The file that the sweep goes on with is part of what it is.
        var changed = record
        changed.file.text += "\n"
        #expect(try LiveData.changes(in: store, file, changed, since: ChangeID(of: store, record)) == nil)
        try await store.revise(changed, changes: ["a line more"], completions: [], at: record.created)
        #expect(try LiveData.changes(in: store, file, record, since: ChangeID(of: store, record)) == nil)
    }
}
