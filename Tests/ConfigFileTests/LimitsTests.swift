import ConfigFile
import Testing

@Suite struct LimitsTests {
    @Test(
        arguments: [
            (
                "aliases of aliases", bomb(use: "*a9"),
                """
                c.yaml:5:43: error: the file holds more than 100000 values
                5 | - &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
                  |                                           ^
                  = help: what an alias stands for counts each time
                """
            ),
            (
                "aliases of aliases as a key", bomb(use: "{*a9 : 1}"),
                """
                c.yaml:5:43: error: the file holds more than 100000 values
                5 | - &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
                  |                                           ^
                  = help: what an alias stands for counts each time
                """
            ),
            (
                "aliases of aliases in a key", bomb(use: "{[*a9, *a9]: 1}"),
                """
                c.yaml:5:43: error: the file holds more than 100000 values
                5 | - &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
                  |                                           ^
                  = help: what an alias stands for counts each time
                """
            ),
            (
                "aliases of aliases, merged", bomb(use: "{<<: *a9}"),
                """
                c.yaml:5:43: error: the file holds more than 100000 values
                5 | - &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
                  |                                           ^
                  = help: what an alias stands for counts each time
                """
            ),
            (
                "a chain of aliases", (1...20_000).reduce("a0: &a0 [x]\n") { $0 + "a\($1): &a\($1) [*a\($1 - 1)]\n" },
                """
                c.yaml:100:12: error: lists and mappings may nest 100 deep, and this goes further
                100 | a99: &a99 [*a98]
                    |            ^
                """
            ),
            (
                "brackets", String(repeating: "[", count: 100_000),
                """
                c.yaml:1:101: error: lists and mappings may nest 100 deep, and this goes further
                1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\
                [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
                  |                                                       ^
                """
            ),
            (
                "brackets, closed", String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
                """
                c.yaml:1:101: error: lists and mappings may nest 100 deep, and this goes further
                1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\
                [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
                  |                                                       ^
                """
            ),
            (
                "braces", String(repeating: "{a: ", count: 100_000),
                """
                c.yaml:1:401: error: lists and mappings may nest 100 deep, and this goes further
                1 | : {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: \
                {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: 
                  |                                                       ^
                """
            ),
            (
                "dashes", String(repeating: "- ", count: 100_000),
                """
                c.yaml:1:201: error: lists and mappings may nest 100 deep, and this goes further
                1 | - - - - - - - - - - - - - - - - - - - - - - - - - \
                - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - 
                  |                                                       ^
                """
            ),
            (
                "question marks", String(repeating: "? ", count: 100_000),
                """
                c.yaml:1:201: error: lists and mappings may nest 100 deep, and this goes further
                1 | ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? \
                ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? 
                  |                                                       ^
                """
            ),
            (
                "mappings", (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
                """
                c.yaml:101:101: error: lists and mappings may nest 100 deep, and this goes further
                101 |                                                   \
                                                                  a:
                    |                                                   \
                                                                  ^
                """
            ),
            (
                "tag directives", (0..<60_000).map { "%TAG !\($0)! x\n" }.joined() + "---\na: 1\n",
                """
                c.yaml:101:1: error: the file has more than 100 %TAG directives
                101 | %TAG !100! x
                    | ^
                """
            ),
            (
                "values", "[" + String(repeating: "1,", count: 200_000) + "]",
                """
                c.yaml:1:200000: error: the file holds more than 100000 values
                1 | 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,\
                1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,
                  |                                                       ^
                """
            ),
        ])
    func `what no memory and no stack can hold is refused quickly`(what: String, text: String, report: String) {
        let start = ContinuousClock.now
        expect(report, of: text)
        // Milliseconds where nothing else runs; what this is to catch takes hours.
        #expect(ContinuousClock.now - start < .seconds(240))
    }

    /// Each of ten lists holds the one before it ten times.
    private static func bomb(use: String) -> String {
        let lists = (1...9).map { n in
            "- &a\(n) [" + Array(repeating: "*a\(n - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        return "- &a0 [" + Array(repeating: "x", count: 10).joined(separator: ", ") + "]\n" + lists.joined()
            + "- \(use)\n"
    }

    @Test func `a tree of the depth that is allowed can be read and written`() throws {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        let root = try readConfig(deep)
        #expect(try readConfig(root.yaml()) == root)
    }
}
