import ConfigFile
import Testing

/// Warnings of keys that have no effect beside the others.
@Suite struct KeyEffectTests {
    private enum Name: String, CaseIterable { case adam, sgd, newton }

    /// What a small config is warned of: `momentum` and the section `inverse` need a name.
    private func warnings(_ yaml: String, settings: [String] = []) throws -> [String] {
        let document = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: yaml))
        let problems = DiagnosticCollector(source: document.source)
        let root = document.root(with: settings.map { ConfigSetting($0, option: "--set") }, problems: problems)
        let file = ConfigSection(root, problems: problems)
        let name = file.choice("name", else: Name.adam)
        let momentum = file.number(
            "momentum", .halfOpen(0..<1), else: 0, if: .init("name", name, isOneOf: .sgd, .newton))
        _ = file.boolean("nesterov", else: false, if: .init(momentum > 0, otherwise: "'momentum' is 0"))
        let inverse = file.section("inverse", if: .init("name", name, isOneOf: .newton))
        let rank = inverse.integer("rank", else: 3)
        _ = inverse.number("tolerance", else: 0.1, if: .init(rank > 3, otherwise: "'inverse.rank' is 3 or less"))
        file.reportUnknownKeys()
        try problems.throwIfAny()
        file.warnOfKeysWithoutEffect()
        return problems.warnings.map(\.description)
    }

    @Test func `a key without effect is named with its place, the reason, and what would give it one`() throws {
        #expect(
            try warnings("name: adam\nmomentum: 0.9\n") == [
                """
                c.yaml:2:1: warning: 'momentum' has no effect: 'name' is adam
                2 | momentum: 0.9
                  | ^
                  = help: it has one with sgd and newton
                """
            ])
        #expect(
            try warnings("name: adam", settings: ["momentum=0.9"]) == [
                """
                --set momentum: warning: 'momentum' has no effect: 'name' is adam
                  | momentum=0.9
                  | ^
                  = help: it has one with sgd and newton
                """
            ])
    }

    @Test func `a value that is set in the place of the file's is named where it was set`() throws {
        let replaced = try warnings("name: adam\nmomentum: 0", settings: ["momentum=0.9"])
        #expect(replaced.count == 1 && replaced.first?.hasPrefix("--set momentum: warning: ") == true)
        let below = try warnings("inverse: {rank: 3, tolerance: 0.1}", settings: ["inverse.rank=9"])
        #expect(below.count == 1 && below.first?.hasPrefix("--set inverse.rank: warning: 'inverse' has no") == true)
    }

    @Test(arguments: [
        ("name: sgd\nmomentum: 0.9\nnesterov: true", []), ("{}", []), ("name: adam", []),
        // Also where it has its default: the user believes that it counts.
        ("name: adam\nmomentum: 0", ["'momentum'"]), ("momentum: 0.5", ["'momentum'"]),
        ("name: sgd\nnesterov: true", ["'nesterov'"]),
        // A section that has no effect is named once, and its keys are not.
        ("name: sgd\ninverse: {rank: 1, tolerance: 2}", ["'inverse'"]), ("name: sgd\ninverse: {}", []),
        ("name: newton\ninverse: {rank: 1, tolerance: 2}", ["'inverse.tolerance'"]),
        ("name: newton\ninverse: {rank: 9, tolerance: 2}", []),
        // Of a file that writes every key only those are named that differ from their defaults.
        ("name: adam\nmomentum: 0\nnesterov: false\ninverse: {rank: 3, tolerance: 0.1}", []),
        (
            "name: adam\nmomentum: 0.9\nnesterov: false\ninverse: {rank: 4, tolerance: 0.1}",
            ["'momentum'", "'inverse'"]
        ),
    ])
    func `what is written and has no effect is named, and nothing else`(yaml: String, names: [String]) throws {
        let warnings = try warnings(yaml)
        #expect(warnings.count == names.count)
        for (warning, name) in zip(warnings, names) { #expect(warning.contains("\(name) has no effect"), "\(warning)") }
    }

    @Test func `a key without effect is checked all the same, and a mistake comes without warnings`() {
        #expect(throws: DiagnosticsError.self) { try warnings("name: adam\nmomentum: 3") }
    }
}
