import About
import Testing

@Suite struct ProgramVersionTests {
    @Test func `a version names the program, the number and, where it is known, the commit`() throws {
        let line = ProgramVersion.line(of: "revsweep")
        #expect(line.wholeMatch(of: /revsweep 0\.1\.0( \([0-9a-f]{7,}(-dirty)?\))?/) != nil, "\(line)")
    }
}
