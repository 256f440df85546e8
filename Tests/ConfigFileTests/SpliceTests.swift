import ConfigFile
import RandomStreams
import Testing

/// A copy of a text that differs from it in some values.
@Suite struct SpliceTests {
    private static func copy(_ text: String, _ values: [(String, ConfigNode)]) throws -> String {
        let document = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text))
        return try document.text(setting: values.map { (path: $0.0, node: $0.1) })
    }

    private static func number(_ number: Double) -> ConfigNode { ConfigNode(.number(number)) }

    /// A value as another file writes it.
    private static func written(_ text: String) throws -> ConfigNode { try readConfig(text) }

    private static let half = number(0.5)

    @Test(
        arguments: [
            ("lr: 0.1 # the rate\nuse: no\n", "lr", "lr: 0.5 # the rate\nuse: no\n"),
            ("lr: 0.1", "lr", "lr: 0.5"),
            ("\u{FEFF}lr: 0.1\r\nb: 1\r\n", "lr", "\u{FEFF}lr: 0.5\r\nb: 1\r\n"),
            ("ü🦊: 'é'\nlr: '0.1'\n", "lr", "ü🦊: 'é'\nlr: 0.5\n"),
            ("# a\u{2028}lr: \"0.1\"\n", "lr", "# a\u{2028}lr: 0.5\n"),
            ("{lr: 0.1, b: {c: x}}\n", "b.c", "{lr: 0.1, b: {c: 0.5}}\n"),
            ("{\"lr\":1,\"b\":2}", "lr", "{\"lr\":0.5,\"b\":2}"),
            ("a:\n- 1\n-   2  # two\n-\n- 4\n", "a.1", "a:\n- 1\n-   0.5  # two\n-\n- 4\n"),
            ("a:\n- 1\n-\n- 4\n", "a.1", "a:\n- 1\n- 0.5\n- 4\n"),
            ("betas: [0.9, 0.999]\n", "betas.1", "betas: [0.9, 0.5]\n"),
            ("a: [[1, 2], {b: 3}]\n", "a.1.b", "a: [[1, 2], {b: 0.5}]\n"),
            ("names: {0: cat, 1: dog}\n", "names.1", "names: {0: cat, 1: 0.5}\n"),
            ("a.b: 1\na: {c: 2}\n", "a.b", "a.b: 0.5\na: {c: 2}\n"),
            // Values that are not there.
            ("lr:\nb: 1\n", "lr", "lr: 0.5\nb: 1\n"),
            ("lr: # later\nb: 1\n", "lr", "lr: 0.5 # later\nb: 1\n"),
            ("lr: ~\n", "lr", "lr: 0.5\n"),
            ("{lr: , b: 1}\n", "lr", "{lr: 0.5 , b: 1}\n"),
            ("{lr, b: 1}\n", "lr", "{lr: 0.5, b: 1}\n"),
            ("{lr}\n", "lr", "{lr: 0.5}\n"),
            ("a: {b: }\n", "a.b", "a: {b: 0.5 }\n"),
            ("b: 1\nlr:", "lr", "b: 1\nlr: 0.5"),
            ("a:\n  b:\n\n# end\n", "a.b", "a:\n  b: 0.5\n\n# end\n"),
            // Several lines.
            ("a: |\n  one\n  two\n\nb: 1\n", "a", "a: 0.5\n\nb: 1\n"),
            ("a: >- # folded\n  one\n\n  two\nb: 1\n", "a", "a: 0.5 # folded\nb: 1\n"),
            ("a: |+\n  one\n\n\n# c\nb: 1", "a", "a: 0.5\n\n\n# c\nb: 1"),
            ("a: |\nb: 1\n", "a", "a: 0.5\nb: 1\n"),
            ("- a: |\n    x # y\n  b: 1\n", "0.a", "- a: 0.5\n  b: 1\n"),
            ("a: one\n  two\n  three\nb: 1\n", "a", "a: 0.5\nb: 1\n"),
            ("a: \"one\n  two\" # c\nb: 1\n", "a", "a: 0.5 # c\nb: 1\n"),
            ("a:\n  one\nb: 1\n", "a", "a:\n  0.5\nb: 1\n"),
            ("a: [1,\n  2 # two\n  ]\nb: 1\n", "a", "a: 0.5\nb: 1\n"),
            // Lists and mappings in lines.
            ("a:\n  b: 1\n  c: 2 # two\n\n# end\nd: 3\n", "a", "a: 0.5\n\n# end\nd: 3\n"),
            ("a: # sizes\n- 1\n- 2\nd: 3\n", "a", "a: 0.5 # sizes\nd: 3\n"),
            ("a:\r\n- 1\r\n- b:\r\nd: 3\r\n", "a", "a: 0.5\r\nd: 3\r\n"),
            ("d: 3\na:\n  b:\n    c: 1", "a", "d: 3\na: 0.5"),
            ("d: 3\na:\n  b:\n    c: 1", "a.b", "d: 3\na:\n  b: 0.5"),
            ("- a: 1\n  b: 2\n- c\n", "0", "- 0.5\n- c\n"),
            ("-\n  a: 1\n  b: 2\n- c\n", "0", "-\n  0.5\n- c\n"),
            ("? a\n: - 1\n  - 2\n? b\n", "a", "? a\n: 0.5\n? b\n"),
            // Tags.
            ("a: !!float 1e-5\n", "a", "a: !!float 0.5\n"),
            ("a: !!str 1e-5 # c\n", "a", "a: 0.5 # c\n"),
            ("a: !<tag:yaml.org,2002:float> 1\n", "a", "a: !<tag:yaml.org,2002:float> 0.5\n"),
            ("a: &x !!int 1\n", "a", "a: &x 0.5\n"),
            ("a: !!null\nb: 1\n", "a", "a:  0.5\nb: 1\n"),
        ])
    func `a value is replaced where it stands`(text: String, path: String, expected: String) throws {
        #expect(try Self.copy(text, [(path, Self.half)]) == expected)
    }

    @Test(
        arguments: [
            // The value is reached through an alias, or merged.
            ("d: &d {lr: 0.1, on: no}\nrun: *d\n", "run.lr", "d: &d {lr: 0.1, on: no}\nrun: {lr: 0.5, on: no}\n"),
            (
                "d: &d\n  lr: 0.1\n  w: [0022, 'x']\nrun:\n  <<: *d\n  n: 1\n", "run.lr",
                "d: &d\n  lr: 0.1\n  w: [0022, 'x']\nrun:\n  lr: 0.5\n  <<: *d\n  n: 1\n"
            ),
            ("d: &d {lr: 0.1}\nrun: {<<: *d, n: 1}\n", "run.lr", "d: &d {lr: 0.1}\nrun: {lr: 0.5, <<: *d, n: 1}\n"),
            (
                "d: &d {o: {lr: 0.1, 0: yes}}\nrun: {<<: *d}\n", "run.o.lr",
                "d: &d {o: {lr: 0.1, 0: yes}}\nrun: {o: {lr: 0.5, 0: yes}, <<: *d}\n"
            ),
            ("b: &b [0.9, 0.99]\nrun: *b\n", "run.1", "b: &b [0.9, 0.99]\nrun: [0.9, 0.5]\n"),
            ("b: &b 0.9\nrun: {b: *b, c: *b}\n", "run.b", "b: &b 0.9\nrun: {b: 0.5, c: *b}\n"),
            (
                "d: &d {lr: 0.1}\nruns:\n- <<: *d\n  n: 1\n- *d\n", "runs.0.lr",
                "d: &d {lr: 0.1}\nruns:\n- lr: 0.5\n  <<: *d\n  n: 1\n- *d\n"
            ),
            // The value has an anchor: what else refers to it keeps the old one.
            ("lr: &lr 1e-1\nlast: *lr # c\n", "lr", "lr: &lr 0.5\nlast: 1e-1 # c\n"),
            (
                "d: &d {lr: 0.1, on: no}\nrun: {<<: *d, n: 1}\nb: *d\n", "d.lr",
                "d: &d {lr: 0.5, on: no}\nrun: {<<: {lr: 0.1, on: no}, n: 1}\nb: {lr: 0.1, on: no}\n"
            ),
            (
                "a: &a\n  b: &b\n    c: 1\n  d: *b\ne: *a\nf: *b\n", "a.b",
                "a: &a\n  b: &b 0.5\n  d: {c: 1}\ne: {b: {c: 1}, d: {c: 1}}\nf: {c: 1}\n"
            ),
            ("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "c", "a: &x 1\nb: *x\nc: &x 0.5\nd: 2\n"),
            (
                "a: &a {t: !!str 1, u: 'x y', v: \"\\x41\", w: , z: 12:30}\nb: *a\n", "b.w",
                "a: &a {t: !!str 1, u: 'x y', v: \"\\x41\", w: , z: 12:30}\n"
                    + "b: {t: !!str 1, u: 'x y', v: \"\\x41\", w: 0.5, z: 12:30}\n"
            ),
            (
                "a: &a\n  t: |\n    x\n  u: a, b\nb: *a\n", "b.u",
                "a: &a\n  t: |\n    x\n  u: a, b\nb: {t: \"x\\n\", u: 0.5}\n"
            ),
        ])
    func `only the path that is set changes, whatever leads to the same value`(
        text: String, path: String, expected: String
    ) throws {
        #expect(try Self.copy(text, [(path, Self.half)]) == expected)
    }

    /// What both readings make the same of, in a text whose value was of another kind or none.
    @Test(
        arguments: [
            ("yes", "'yes'"), ("1_000", "'1_000'"), ("12:30", "'12:30'"), ("2001-12-14", "'2001-12-14'"), ("=", "'='"),
            ("y", "'y'"), ("0b1", "'0b1'"), ("3.10", "3.10"), ("02139", "2139"), ("007", "7"), ("0x1F", "31"),
            ("1e5", "100000.0"), ("1e-5", "1.0e-05"), ("1.5e+3", "1.5e+3"), (".inf", ".inf"), ("+12", "+12"),
            ("18446744073709551615", "18446744073709551615"), ("True", "True"), ("~", "~"), ("null", "null"),
            ("'null'", "'null'"), ("'1e5'", "'1e5'"), ("relu", "relu"), ("a b", "a b"), ("'it''s'", "'it''s'"),
            ("\"a\\nb\"", "\"a\\nb\""), ("''", "''"), ("a/b.c-d", "a/b.c-d"), ("'a: b'", "'a: b'"), ("' a'", "' a'"),
            ("'#a'", "'#a'"), ("[128, 1e-5, no]", "[128, 1.0e-05, 'no']"),
            ("{name: adam, 'on': 2}", "{name: adam, 'on': 2}"),
            ("[]", "[]"), ("{}", "{}"), ("[[1], {a: ~}]", "[[1], {a: ~}]"), ("\"\\u2028\\U0001F98A\"", "\"\\u2028🦊\""),
        ])
    func `a value is written so that all readers take it for the same`(text: String, expected: String) throws {
        #expect(try Self.copy("a: x\n", [("a", Self.written(text))]) == "a: \(expected)\n")
        #expect(try Self.copy("{a: x}\n", [("a", Self.written(text))]) == "{a: \(expected)}\n")
    }

    @Test(arguments: [
        ("no", "yes"), ("yes", "no"), ("on", "Off"), ("0022", "0077"), ("12:30", "13:00"), ("1_000", "2_000"),
        ("2001-12-14", "2001-12-15"), ("0x10", "0x1F"),
    ])
    func `what a reader knows how to take is written as it was`(old: String, new: String) throws {
        #expect(try Self.copy("a: \(old) # c\n", [("a", Self.written(new))]) == "a: \(new) # c\n")
        #expect(try Self.copy("a: \(old) # c\n", [("a", Self.written(old))]) == "a: \(old) # c\n")
        #expect(try Self.copy("a: '\(old)'\n", [("a", ConfigNode(.string(new)))]) == "a: '\(new)'\n")
    }

    @Test func `several values are replaced at once`() throws {
        let text = "o: {name: sgd, lr: 0.1}\nb: &b\n  x: 1\n  y: 2\nc:\n  <<: *b\n  z: [1, 2, 3]\n"
        let values: [(String, ConfigNode)] = [
            ("o.lr", Self.half), ("c.x", Self.number(7)), ("c.z.2", Self.half), ("c.y", Self.number(8)),
            ("o.name", ConfigNode(.string("no"))), ("c.z.0", ConfigNode(.null)),
        ]
        #expect(
            try Self.copy(text, values)
                == "o: {name: 'no', lr: 0.5}\nb: &b\n  x: 1\n  y: 2\n"
                + "c:\n  x: 7.0\n  y: 8.0\n  <<: *b\n  z: [null, 2, 0.5]\n"
        )
        let whole = try Self.written("{name: adam, lr: 1}")
        #expect(
            try Self.copy(text, [("o", whole), ("o.lr", Self.half)]).hasPrefix("o: {name: adam, lr: 0.5}\nb: &b\n"))
        #expect(try Self.copy(text, []) == text)
    }

    @Test func `a key that is nowhere is put in`() throws {
        #expect(try Self.copy("a: 1\n", [("b.c", Self.half)]) == "b: {c: 0.5}\na: 1\n")
        #expect(try Self.copy("a: {}\n", [("a.b", Self.half)]) == "a: {b: 0.5}\n")
    }

    @Test(arguments: ["a.x", "l.2", "l.01", "l.-1", "l.0.x"])
    func `a path through a value is refused`(path: String) throws {
        #expect(throws: DiagnosticsError.self) { try Self.copy("a: 1\nl: [1, 2]\n", [(path, Self.half)]) }
    }

    /// The copy is read again before it is given: what cannot be spliced is written anew, and is never something else.
    @Test(arguments: [
        ("? <<\n: {x: 1}\n", "x"), ("a: [b: 1]\n", "a.0.c"), ("{? a : 1, ? b}\n", "b"), ("? a\n? b\n", "a"),
        ("a:\n- - - 1\n  - 2\n- - b: 1\n", "a.0.0.0"), ("a: {b: 1}#c\n", "a"), ("a: ! 1\n", "a"),
    ])
    func `rare forms keep their meaning`(text: String, path: String) throws {
        let root = try readConfig(text)
        let copy = try readConfig(Self.copy(text, [(path, Self.half)]))
        #expect(copy[path: path] == Self.half)
        for other in root.allPaths where root[path: other]?.entries.isEmpty == true && !other.hasPrefix(path) {
            if case .sequence = root[path: other]?.value { continue }
            #expect(copy[path: other] == root[path: other], "\(other)")
        }
    }

    private static let base = """
        # comment
        model: &m {hidden: 64, layers: [128, 32], act: 'relu'}
        optimizer:
          name: "sgd"   # which
          lr: !!float 1e-3
          betas:
          - 0.9
          - 0.999
          when:
        text: |
          several
            lines

        again: *m
        merged:
          <<: *m
          act: no
          deep: {<<: [*m, {x: 1}], y: [*m, 2]}
        0: cat
        umask: 0022
        """

    private static let values: [ConfigNode] = [
        half, ConfigNode(.null), ConfigNode(.string("no")), ConfigNode(.boolean(true)),
        ConfigNode(.integer(7), text: "007"), ConfigNode(.string("a: b\n#")), ConfigNode(.sequence([half])),
        ConfigNode(.mapping([ConfigEntry(key: "k: ", node: half)])), ConfigNode(.number(.nan)),
    ]

    @Test func `every path of a text can be set to every kind of value`() throws {
        let document = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: Self.base))
        for path in document.root.allPaths {
            for value in Self.values {
                let copy = try document.text(setting: [(path, value)])
                let lines = Set(copy.split(separator: "\n"))
                let missing = Self.base.split(separator: "\n").filter { !lines.contains($0) }
                // What refers to a value that is changed keeps the old one; else few lines differ.
                #expect(missing.count <= 7, "\(path): \(copy)")
                #expect(copy.hasPrefix("# comment\n"), "\(path): \(copy)")
            }
        }
    }

    @Test func `whatever a text is, a copy is right or refused`() throws {
        var random = RandomStream(seed: 5, stream: 1)
        var (spliced, refused) = (0, 0)
        for _ in 0..<ReaderFuzzTests.rounds {
            let text = ReaderFuzzTests.mutate(Self.base, using: &random)
            guard let document = try? ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text)) else { continue }
            let paths = document.root.allPaths
            guard !paths.isEmpty else { continue }
            let values = (0...random.integer(below: 3)).map { _ in
                (
                    path: paths[Int(random.integer(below: UInt64(paths.count)))],
                    node: Self.values[Int(random.integer(below: UInt64(Self.values.count)))]
                )
            }
            // Reading it again is part of writing it: a copy that is given says what it should.
            do {
                _ = try document.text(setting: values)
                spliced += 1
            } catch { refused += 1 }
        }
        #expect(spliced > ReaderFuzzTests.rounds / 10)
        // A path below a value that another path has replaced leads nowhere.
        #expect(refused * 4 < spliced, "\(refused) of \(spliced)")
    }
}
