import ConfigFile
import Foundation
import SweepFile
import TestSupport
import Testing

@Suite struct FileMistakesTests {
    @Test(arguments: [
        (
            "missing", "digit.yaml",
            """
            FOLDER/digit.yaml: error: there is no such file
              = help: did you mean 'FOLDER/digits.yaml'?
            """
        ),
        ("a folder", "sweeps", "FOLDER/sweeps: error: this is a directory, not a file"),
        (
            "empty", "empty.yaml",
            """
            FOLDER/empty.yaml: error: the file is empty
              = help: a sweep needs at least metric, trainer, parameters and budget
            """
        ),
        (
            "only comments", "comments.yaml",
            """
            FOLDER/comments.yaml: error: the file is empty
              = help: a sweep needs at least metric, trainer, parameters and budget
            """
        ),
        ("not UTF-8", "latin1.yaml", "FOLDER/latin1.yaml: error: the file is not UTF-8 text"),
        (
            "10 MB", "large.yaml",
            """
            FOLDER/large.yaml: error: the file is larger than 1 MiB, the most that a configuration may have
            """
        ),
    ])
    func `a file that holds no sweep is refused`(what: String, name: String, report: String) throws {
        let folder = try TemporaryDirectory()
        try folder.write(SweepText().text, to: "digits.yaml")
        try folder.write("", to: "sweeps/s.yaml")
        try folder.write("", to: "empty.yaml")
        try folder.write("# metric: loss\n\n---\n# to do\n", to: "comments.yaml")
        try folder.write(String(repeating: "a", count: 10_000_000), to: "large.yaml")
        let latin1 = Data("name: größe".unicodeScalars.map { UInt8($0.value) })
        try latin1.write(to: URL(fileURLWithPath: "\(folder.path)/latin1.yaml"))
        expect(report, in: folder) { _ = try SweepFile.read(path: "\(folder.path)/\(name)") }
    }

    @Test(arguments: [
        (
            "tabs", "metric:\n  name: loss\n\tgoal: minimize\n",
            """
            s.yaml:3:1: error: the line is indented with a tab
            3 |  goal: minimize
              | ^
              = help: YAML is indented with spaces
            """
        ),
        (
            "a tab after spaces", "metric:\n  name: loss\n  \tgoal: minimize\n",
            """
            s.yaml:3:3: error: the line is indented with a tab
            3 |    goal: minimize
              |   ^
              = help: YAML is indented with spaces
            """
        ),
        (
            "two documents", "\(SweepText().text)\n---\nname: other\n",
            """
            s.yaml:7:1: error: a second document begins here
            7 | ---
              | ^
              = help: a file holds one; '---' may stand only before the first
            """
        ),
        (
            "an open list", "trainer: {command: [train, x}\n",
            """
            s.yaml:1:29: error: a ',' or ']' is missing
            1 | trainer: {command: [train, x}
              |                             ^
            """
        ),
        (
            "an open list, further down", "trainer:\n  command: [\n    train,\n    x\nbudget: {trials: 3}\n",
            """
            s.yaml:5:7: error: a ',' or ']' is missing
            5 | budget: {trials: 3}
              |       ^
              = help: the list begins on line 2
            """
        ),
        (
            "a list that is only begun", "x: [",
            """
            s.yaml:2:1: error: a ']' is missing
              = help: the list begins on line 1
            """
        ),
        (
            "a mapping that is only begun", "x: [1, {a: [2], b:\n\n",
            """
            s.yaml:3:1: error: a '}' is missing
              = help: the mapping begins on line 1
            """
        ),
        (
            "a pair in a list", "x: [a:",
            """
            s.yaml:2:1: error: a ']' is missing
              = help: the list begins on line 1
            """
        ),
        (
            "another bracket", "x: [1, }\n",
            """
            s.yaml:1:8: error: a value or ']' is expected here
            1 | x: [1, }
              |        ^
            """
        ),
        (
            "another bracket, further down", "x: {\n  a: ]\n",
            """
            s.yaml:2:6: error: a key, a value or '}' is expected here
            2 |   a: ]
              |      ^
              = help: the mapping begins on line 1
            """
        ),
        (
            "a bracket alone", "x: ]\n",
            """
            s.yaml:1:4: error: no value can begin with this character
            1 | x: ]
              |    ^
              = help: put text that begins with ']' in quotes
            """
        ),
        (
            "a bracket too many", "x: {a: 1}}\n",
            """
            s.yaml:1:10: error: this cannot follow the value before it
            1 | x: {a: 1}}
              |          ^
              = help: there is a bracket too many
            """
        ),
        (
            "a quote in quotes", "name: 'it's'\n",
            """
            s.yaml:1:11: error: this cannot follow the value before it
            1 | name: 'it's'
              |           ^
              = help: put the whole text in quotes; in single quotes a ' is written ''
            """
        ),
        (
            "two texts", "\"name\" \"s\"\n",
            """
            s.yaml:1:8: error: this cannot follow the value before it
            1 | "name" "s"
              |        ^
              = help: put the whole text in quotes; in single quotes a ' is written ''
            """
        ),
        (
            "a comparison", "when: >=3\n",
            """
            s.yaml:1:8: error: nothing can follow a '|' or '>' on its line
            1 | when: >=3
              |        ^
              = help: put text that begins with '|' or '>' in quotes
            """
        ),
        (
            "a list behind its key", "x: - a\n",
            """
            s.yaml:1:4: error: a '-' cannot stand here
            1 | x: - a
              |    ^
              = help: a list begins on the next line, or is written [a, b]; text that begins with '- ' needs quotes
            """
        ),
        (
            "a backslash in double quotes", "x: \"\\d\"\n",
            """
            s.yaml:1:5: error: text in double quotes cannot have this after a '\\'
            1 | x: "\\d"
              |     ^
              = help: in 'single quotes' a '\\' is a character like others, \
            and in double quotes it is written '\\\\'
            """
        ),
        (
            "an open text", "name: \"digits\nbudget: 3\n",
            """
            s.yaml:1:7: error: the text in quotes is never closed
            1 | name: "digits
              |       ^
            """
        ),
        (
            "a colon too many", "metric: loss: minimize\n",
            """
            s.yaml:1:13: error: a ':' cannot stand here
            1 | metric: loss: minimize
              |             ^
              = help: put text with ': ' in it in quotes, and align a key with the keys above it
            """
        ),
        (
            "a key without a colon", "metric: {name: loss}\nbudget\nname: s\n",
            """
            s.yaml:2:1: error: a key needs a ':' after it
            2 | budget
              | ^
            """
        ),
        (
            "a wrong indentation", "metric:\n  name: loss\n   goal: minimize\n",
            """
            s.yaml:3:8: error: a ':' cannot stand here
            3 |    goal: minimize
              |        ^
              = help: put text with ': ' in it in quotes, and align a key with the keys above it
            """
        ),
        (
            "a key further left", "metric:\n    name: loss\n  goal: minimize\n",
            """
            s.yaml:3:3: error: a key is expected here, aligned with the keys above it
            3 |   goal: minimize
              |   ^
              = help: the mapping begins on line 1
            """
        ),
        (
            "an at sign", "name: @home\n",
            """
            s.yaml:1:7: error: no value can begin with this character
            1 | name: @home
              |       ^
              = help: put text that begins with '@', '`' or '%' in quotes
            """
        ),
        (
            "a control character", "name: s\nmetric: \u{7}\n",
            """
            s.yaml:2:9: error: control characters are not allowed
            2 | metric:  
              |         ^
              = help: the file should be plain text
            """
        ),
        (
            "a NUL", "name: s\nmetric: a\0b\n",
            """
            s.yaml:2:10: error: control characters are not allowed
            2 | metric: a b
              |          ^
              = help: the file should be plain text
            """
        ),
        (
            "a key that is a list", "[a, b]: 1\n",
            """
            s.yaml:1:1: error: a key must be a plain name
            1 | [a, b]: 1
              | ^
              = help: text that begins with '[', '{' or '*' needs quotes
            """
        ),
        (
            "a tag", "budget: {trials: !!int many}\nname: !mine s\n",
            """
            s.yaml:1:18: error: 'many' cannot have the tag !!int
            1 | budget: {trials: !!int many}
              |                  ^
              = help: what has the tag is an integer
            s.yaml:2:7: error: the tag '!mine' is not understood
            2 | name: !mine s
              |       ^
              = help: known are !!str, !!int, !!float, !!bool, !!null, !!seq, !!map
            """
        ),
    ])
    func `text that is not YAML is refused in words`(what: String, text: String, report: String) {
        expect(report) { _ = try SweepFile(source: .init(path: "s.yaml", text: text), base: nil, directory: "/") }
    }

    @Test(arguments: [
        ("c.toml", "# a\n\n[optimizer]\nlr = 0.1\n", "3:1: error: this looks like TOML"),
        ("c.toml", "lr = 0.1\n\n[optimizer]\nbetas = [0.9, 0.99]\n", "1:1: error: this looks like TOML"),
        ("c.toml", "\"lr\"\n", " error: this looks like TOML"),
        ("c.ini", "lr = 0.1\n", "1:1: error: this looks like INI, and"),
        ("c.cfg", "; a\n[optimizer]\nlr: 0.1\n", "2:1: error: this looks like TOML or INI"),
        ("c", "lr = 0.1 # b\nname = \"a: b\"\n", "1:1: error: this looks like TOML or INI"),
        ("c.yaml", "[[layers]] # b\nn = 1\n", "1:1: error: this looks like TOML or INI"),
        ("c.py", "import torch\nlr = 0.1\n", " error: this looks like Python"),
        ("c.yaml", "[layers, heads]\n", "1:1: error: the file must be a mapping, found a list"),
        ("c.yaml", "lr == 0.1\n", "1:1: error: the file must be a mapping, found the string"),
        ("c.cfg", "x: [1\n", "2:1: error: a ',' or ']' is missing"),
    ])
    func `a file of another format is called by it`(name: String, text: String, words: String) {
        let error = #expect(throws: DiagnosticsError.self) {
            try SweepFile(source: .init(path: name, text: text), base: nil, directory: "/")
        }
        let report = error?.description ?? ""
        #expect(report.hasPrefix("\(name):\(words)"), "\(report)")
        #expect(report.contains(", and only YAML and JSON are read\n") == words.contains("looks like"), "\(report)")
    }

    @Test func `text that Windows wrote is read like any other`() throws {
        let text = "\u{FEFF}" + SweepText(rest: "name: windows").text.replacing("\n", with: "\r\n")
        #expect(
            try SweepFile(source: .init(path: "s.yaml", text: text), base: nil, directory: "/").sweep.name == "windows")
    }
}
