import ConfigFile
import Testing

/// Values that arguments give in the place of a file's.
@Suite struct ConfigSettingTests {
    private static let file = """
        seed: 1
        model: {hidden: 256, blocks: 2}
        list: [{name: a, deep: {x: 1}}, b]
        nothing:
        optimizer:
          name: sgd
          dotted.key: 3
        """

    /// The values of the file with settings, read as a program reads its config.
    private func root(_ settings: [String], file: String = file) throws -> ConfigNode {
        let document = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: file))
        let problems = DiagnosticCollector(source: document.source)
        let root = document.root(with: settings.map { ConfigSetting($0, option: "--set") }, problems: problems)
        try problems.throwIfAny()
        return root
    }

    private func message(_ settings: String..., file: String = file) -> String {
        let error = #expect(throws: DiagnosticsError.self, "\(settings)") { try root(settings, file: file) }
        return error?.description ?? ""
    }

    @Test(arguments: [
        ("seed=3", "seed", ConfigNode.Value.integer(3)), ("seed=", "seed", .null),
        ("seed=a=b=c", "seed", .string("a=b=c")),
        ("seed==", "seed", .string("=")), ("seed='3'", "seed", .string("3")), ("seed= 1e-3 ", "seed", .number(1e-3)),
        ("seed=3 # a comment", "seed", .integer(3)), ("model.hidden=128", "model.hidden", .integer(128)),
        ("model={hidden: 1}", "model.hidden", .integer(1)), ("list.1=c", "list.1", .string("c")),
        ("list.0.deep.x=7", "list.0.deep.x", .integer(7)), ("list.0.deep.y=7", "list.0.deep.y", .integer(7)),
        ("new=true", "new", .boolean(true)), ("a.b.c=no", "a.b.c", .string("no")),
        ("nothing.x=1", "nothing.x", .integer(1)),
        ("optimizer.dotted.key=4", "optimizer.dotted.key", .integer(4)), ("a.0=1", "a.0", .integer(1)),
        ("läng=ä", "läng", .string("ä")),
    ])
    func `a value is found where it was set`(setting: String, path: String, value: ConfigNode.Value) throws {
        #expect(try root([setting])[path: path]?.value == value)
    }

    @Test func `a list or a mapping takes the place of the whole, and everything else stays`() throws {
        let root = try root(["model={blocks: 7}", "list=[x]"])
        #expect(root[path: "model"]?.entries.map(\.key) == ["blocks"])
        #expect(root[path: "list"]?.value == .sequence([ConfigNode(.string("x"))]))
        #expect(root[path: "seed"]?.value == .integer(1) && root[path: "optimizer.name"]?.value == .string("sgd"))
    }

    @Test func `of settings for one key the last one counts, and later ones go into earlier ones`() throws {
        #expect(try root(["seed=2", "seed=3"])[path: "seed"]?.value == .integer(3))
        let root = try root([
            "model.hidden=1", "model={blocks: 2}", "model.bias=false", "list=[]", "list=[p]", "list.0=q",
        ])
        #expect(
            root[path: "model"]
                == ConfigNode(
                    .mapping([
                        ConfigEntry(key: "blocks", node: ConfigNode(.integer(2))),
                        ConfigEntry(key: "bias", node: ConfigNode(.boolean(false))),
                    ])))
        #expect(root[path: "list.0"]?.value == .string("q"))
    }

    @Test func `an empty file takes settings`() throws {
        #expect(try root(["seed=2", "model.hidden=4"], file: "")[path: "model.hidden"]?.value == .integer(4))
    }

    @Test(arguments: [
        ("seed", "--set seed: error: 'seed' has no value", "write seed=VALUE"),
        ("=3", "--set: error: a key is missing", "write key=value"),
        ("", "--set: error: a key is missing", "write key=value"),
        ("a..b=3", "--set a..b: error: 'a..b' is not a key", "write key=value"),
        (".a=3", "--set .a: error: '.a' is not a key", "write key=value"),
        ("a.=3", "--set a.: error: 'a.' is not a key", "write key=value"),
        ("seed.x=3", "'seed' is the integer 1 and has no 'x'", "write the whole value: seed=…"),
        ("list.2=3", "'list' is a list and has no '2'", "its last element is list.1"),
        ("list.-1=3", "'list' is a list and has no '-1'", "its last element is list.1"),
        ("list.01=3", "'list' is a list and has no '01'", "its last element is list.1"),
        ("list.name=3", "'list' is a list and has no 'name'", "or write the whole list: list=[…]"),
        ("seed=[1", "a ',' or ']' is missing", ""), ("seed=a: b: c", "a ':' cannot stand here", "in quotes"),
        ("seed=*x", "x", ""), ("seed={a: 1, a: 2}", "the key 'a' is given twice", ""),
        ("seed=!!int x", "'x' cannot have the tag !!int", ""),
        (String(repeating: "a.", count: 100_000) + "a=1", "is not a key", "write key=value"),
        ("seed=" + String(repeating: "[", count: 100_000), "nest 100 deep", ""),
    ])
    func `a setting that cannot be is refused with its name, and what would be right`(
        setting: String, text: String, help: String
    ) {
        let message = message(setting)
        #expect(
            message.hasPrefix("--set") && message.contains(text) && (help.isEmpty || message.contains(help)),
            "\(message)")
    }

    @Test func `a mistake is shown in the argument, with a caret below it`() {
        #expect(
            message("model.hidden=[1, {x: 1, x: 2}]") == """
                --set model.hidden: error: the key 'x' is given twice
                  | model.hidden=[1, {x: 1, x: 2}]
                  |                         ^
                  = help: it is first given on line 1
                """)
        #expect(message("seed=a\n- b\n c: d").contains("--set seed: error: "))
        #expect(message("se\u{1B}[31med").contains("--set se␛[31med: error: 'se␛[31med' has no value"))
    }

    @Test func `all mistakes are shown, those of the file first`() {
        #expect(
            message("seed.x=1", "=3", "list.9=1").split(separator: "\n").filter { $0.contains("error: ") } == [
                "--set seed.x: error: 'seed' is the integer 1 and has no 'x'", "--set: error: a key is missing",
                "--set list.9: error: 'list' is a list and has no '9'",
            ])
    }
}
