import ConfigFile
import Foundation
import TestSupport
import Testing

/// What PyYAML, which reads by the rules of YAML 1.1, makes of a text and of its copy.
@Suite(.enabled("there is no Python with PyYAML") { await Python.has("yaml") }) struct CopyInPythonTests {
    private static let base = """
        # Everything that a reader of YAML 1.1 takes for something else than one of YAML 1.2.
        lr: 1e-3
        rate: 0.1
        use_amp: no            # False
        augment: yes
        names: {0: cat, 1: dog, off: x}
        milestones: {30: 0.1, 60: 0.01}
        umask: 0022
        seed: 18446744073709551615
        steps: 1_000
        length: 12:30
        day: 2001-12-14
        tagged: [!!float 1e-5, !!str 1, !!int 7]
        text: |
          several
          lines
        plain: some
          more words
        empty:
        defaults: &d
          opt: {lr: 0.1, nesterov: no, 0: zero}
          betas: [0.9, 1e-3]
          mask: 0077
        run:
          <<: *d
          mask: 0o17
        again: *d
        list:
        - *d
        - {<<: *d, mask: 1}
        """

    /// Where, and the way there for Python.
    private static let places: [(path: String, steps: String)] = [
        ("lr", "['lr']"), ("use_amp", "['use_amp']"), ("names.1", "['names', 1]"), ("text", "['text']"),
        ("plain", "['plain']"), ("empty", "['empty']"), ("tagged.0", "['tagged', 0]"), ("tagged.1", "['tagged', 1]"),
        ("defaults.opt.lr", "['defaults', 'opt', 'lr']"), ("defaults", "['defaults']"), ("run.opt", "['run', 'opt']"),
        ("run.opt.lr", "['run', 'opt', 'lr']"), ("again.betas.1", "['again', 'betas', 1]"),
        ("list.0.opt.nesterov", "['list', 0, 'opt', 'nesterov']"), ("list.1.betas", "['list', 1, 'betas']"),
        ("list.0", "['list', 0]"), ("list", "['list']"),
    ]

    /// A value, and what Python should have of it.
    private static let values: [(node: ConfigNode, python: String)] = [
        (ConfigNode(.number(1e-5)), "1e-05"), (ConfigNode(.number(3)), "3.0"), (ConfigNode(.integer(7)), "7"),
        (ConfigNode(.boolean(false)), "False"), (ConfigNode(.null), "None"), (ConfigNode(.string("no")), "'no'"),
        (ConfigNode(.string("1e5")), "'1e5'"), (ConfigNode(.string("0x1F")), "'0x1F'"),
        (ConfigNode(.string("12:30")), "'12:30'"), (ConfigNode(.string("1_000")), "'1_000'"),
        (ConfigNode(.string("~")), "'~'"), (ConfigNode(.string("2001-12-14")), "'2001-12-14'"),
        (ConfigNode(.string("=")), "'='"), (ConfigNode(.string("a: 'b' # \n\u{2028}é🦊")), "\"a: 'b' # \\n\\u2028é🦊\""),
        (
            ConfigNode(.sequence([ConfigNode(.string("on")), ConfigNode(.number(1e22)), ConfigNode(.sequence([]))])),
            "['on', 1e+22, []]"
        ),
        (ConfigNode(.mapping([ConfigEntry(key: "yes", node: ConfigNode(.integer(1)))])), "{'yes': 1}"),
    ]

    private static let script = """
        import copy, json, sys, yaml
        def put(tree, steps, value):
            for step in steps[:-1]: tree = tree[step]
            tree[steps[-1]] = value
        def same(a, b):
            if type(a) is not type(b): return False
            if isinstance(a, dict):
                return {(type(k), k) for k in a} == {(type(k), k) for k in b} and all(same(a[k], b[k]) for k in a)
            if isinstance(a, list): return len(a) == len(b) and all(map(same, a, b))
            return a == b
        def unshared(tree):
            if isinstance(tree, dict): return {key: unshared(value) for key, value in tree.items()}
            if isinstance(tree, list): return [unshared(value) for value in tree]
            return tree
        base, copies = json.load(sys.stdin)
        for text, steps, value in copies:
            expected = unshared(yaml.safe_load(base))
            put(expected, eval(steps), eval(value))
            try: found = yaml.safe_load(text)
            except Exception as error: found = str(error)
            if not same(expected, found): print(steps, value, found, text, sep="\\n", end="\\n\\n")
        """

    @Test func `a copy is to PyYAML what the text is, but for the value that is set`() async throws {
        let document = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: Self.base))
        var copies: [[String]] = []
        for place in Self.places {
            for value in Self.values {
                // With the tag !!float, which stays, 7 is 7.0.
                if place.path == "tagged.0", value.python == "7" { continue }
                let copy = try document.text(setting: [(place.path, value.node)])
                copies.append([copy, place.steps, value.python])
            }
        }
        let input = try JSONSerialization.data(withJSONObject: [Self.base, copies] as [Any])
        let complaints = try await Python.run(Self.script, input: input)
        #expect(complaints == "")
    }

    @Test func `a copy of JSON is JSON, and the same to PyYAML`() async throws {
        let base = "{\"opt\": \"adam\", \"lr\": 0.1, \"l\": [\"a\"]}"
        let document = try ConfigDocument(parsing: SourceFile(path: "c.json", text: base))
        var copies: [[String]] = []
        for path in document.root.allPaths {
            for value in Self.values {
                copies.append([try document.text(setting: [(path, value.node)]), path, value.python])
            }
        }
        let script = """
            import json, sys, yaml
            for text, path, value in json.load(sys.stdin):
                found = json.loads(text)
                if repr(found) != repr(yaml.safe_load(text)): print(text)
                for step in path.split("."): found = found[int(step) if step.isdigit() else step]
                if repr(found) != repr(eval(value)): print(path, value, text)
            """
        #expect(try await Python.run(script, input: JSONSerialization.data(withJSONObject: copies)) == "")
    }

    @Test func `what is written anew is to PyYAML what it is here`() async throws {
        let tree = ConfigNode(
            .mapping(Self.values.enumerated().map { ConfigEntry(key: "k\($0.offset)", node: $0.element.node) }))
        let script = """
            import json, sys, yaml
            text, values = json.load(sys.stdin)
            for (key, found), value in zip(yaml.safe_load(text).items(), values):
                if repr(found) != repr(eval(value)): print(key, found, value)
            """
        let input = try JSONSerialization.data(
            withJSONObject: [tree.yaml(), Self.values.map(\.python)] as [Any])
        let complaints = try await Python.run(script, input: input)
        #expect(complaints == "")
    }
}
