import ConfigFile
import Foundation
import RandomStreams
import SweepFile
import SweepSearch
import TestSupport
import Testing

@Suite struct StarterFileTests {
    private func starter(of text: String) throws -> (text: String, file: SweepFile) {
        let base = SourceFile(path: "base.yaml", text: text)
        let draft = try StarterFile.draft(of: ConfigDocument(parsing: base), path: "base.yaml").text
        return (
            draft, try SweepFile(source: SourceFile(path: "s.yaml", text: draft), base: base, directory: "/nowhere")
        )
    }

    @Test(arguments: ["-5.0e-324", "5.0e-324", "-1.79e308", "1.79e308", "-1e-300", "1e-310", "-0.0"])
    func `the ends of what a number can be have a range`(number: String) throws {
        for name in ["x", "learning_rate", "weight_decay", "dropout"] {
            let (text, _) = try starter(of: "\(name): \(number)\nlr: 0.1\n")
            #expect(!text.contains("inf") && !text.contains("nan"), "\(text)")
            // A suggestion in a comment is right too.
            let active = text.replacing("  # \(name):", with: "  \(name):")
            let base = SourceFile(path: "base.yaml", text: "\(name): \(number)\nlr: 0.1\n")
            _ = try SweepFile(source: SourceFile(path: "s.yaml", text: active), base: base, directory: "/nowhere")
        }
    }

    @Test func `likely parameters get a range around their value, others stand in comments`() throws {
        let (text, file) = try starter(
            of: """
                seed: 3
                optimizer: {name: adam, learning_rate: 0.001, momentum: 0.9, weight_decay: 0.0, \
                nesterov: true, eps: 1e-8}
                model: {hidden: 256, layers: 3, dropout: 0.1, activation: relu, sizes: [1, 2]}
                data: {batch_size: 128, width: 28}
                training: {epochs: 10, clip: 5.0}
                """)
        let expected: [(String, Distribution)] = [
            ("optimizer.learning_rate", .logUniform(min: 3e-5, max: 0.01)),
            ("optimizer.momentum", .uniform(min: 0, max: 0.99)),
            ("model.hidden", .integer(min: 64, max: 1024, step: 1, log: true)),
            ("model.layers", .integer(min: 1, max: 5, step: 1, log: false)),
            ("model.dropout", .uniform(min: 0, max: 0.5)), ("data.batch_size", .ordinal([32, 64, 128, 256])),
        ]
        #expect(file.sweep.space.parameters.map(\.name) == expected.map(\.0))
        #expect(file.sweep.space.parameters.map(\.distribution) == expected.map(\.1))
        for line in [
            "  # optimizer.weight_decay: {type: loguniform, min: 1e-6, max: 1e-2}",
            "  # optimizer.nesterov: {type: choice",
            "  # optimizer.eps: {type: loguniform", "  # model.activation: {type: choice, values: [relu]}",
            "  # data.width: {type: int", "  # training.clip: {type: uniform, min: 3.0, max: 10.0}",
        ] {
            #expect(text.contains(line), "\(line) in\n\(text)")
        }
        for name in ["seed:", "epochs:", "sizes:"] { #expect(!text.contains("\(name) {")) }
    }

    @Test func `an integer that stands for a real number gets a range of real numbers`() throws {
        let (text, file) = try starter(
            of: """
                optimizer: {learning_rate: 1, weight_decay: 0, momentum: 0, l2: 0}
                dropout: 0
                label_smoothing: 0
                lr_step_size: 1
                damping: 10
                """)
        #expect(file.sweep.space.parameters.map(\.name) == ["optimizer.learning_rate", "dropout"])
        #expect(
            file.sweep.space.parameters.map(\.distribution)
                == [.logUniform(min: 0.03, max: 1), .uniform(min: 0, max: 0.5)])
        for line in [
            "  # optimizer.weight_decay: {type: loguniform, min: 1e-6, max: 1e-2}",
            "  # optimizer.momentum: {type: uniform, min: 0.0, max: 0.99}",
            "  # optimizer.l2: {type: loguniform, min: 1e-6, max: 1e-2}",
            "  # label_smoothing: {type: uniform, min: 0.0, max: 0.2}",
            "  # lr_step_size: {type: int, min: 1, max: 4}",
            // A real number in place of this integer would be refused.
            "  # damping: {type: int, min: 5, max: 20, log: true}",
            "# now 10; with 10.0 in the configuration: {type: loguniform, min: 0.1, max: 10.0}",
        ] {
            #expect(text.contains(line), "\(line) in\n\(text)")
        }
    }

    @Test func `every suggestion is legal once it is uncommented`() throws {
        var random = RandomStream(seed: 1, stream: 55)
        let names = [
            "lr", "learning_rate", "weight_decay", "momentum", "beta1", "dropout", "label_smoothing", "damping",
            "tolerance", "x",
            "hidden", "batch_size", "layers", "rank", "odd name", "a.b", "no", "1st", "é", "'",
        ]
        let values = [
            "0", "1", "-1", "3", "1000000", "9223372036854775807", "-9223372036854775808", "0.0", "1.0", "0.5", "-0.5",
            "1e-12",
            "1e-300", "1e300", "-1e308", ".nan", ".inf", "true", "text", "'no'", "'{x}'", "[1]", "{}", "null", "5e-324",
        ]
        var parameters = 0
        for _ in 0..<500 {
            let order = random.permutation(of: names.count).prefix(6)
            let lines = order.map { index in
                let name = ConfigNode(.string(names[index])).yaml().trimmingCharacters(in: .newlines)
                return "\(name): \(values[Int(random.integer(below: UInt64(values.count)))])"
            }
            let base = SourceFile(path: "base.yaml", text: lines.joined(separator: "\n"))
            guard let draft = try? StarterFile.draft(of: ConfigDocument(parsing: base), path: "base.yaml") else {
                continue
            }
            var active = draft
            for index in active.parameters.indices { active.parameters[index].isActive = true }
            for text in [draft.text, active.text] {
                let file = try SweepFile(source: SourceFile(path: "s.yaml", text: text), base: base, directory: "/")
                parameters += file.sweep.space.parameters.count
                // What runs now stays possible.
                for parameter in file.sweep.space.parameters
                where parameter.distribution != .logUniform(min: 1e-6, max: 1e-2) {
                    let now = try #require(file.base?.root[path: parameter.name].flatMap { ParameterValue($0.value) })
                    #expect(parameter.distribution.legalForm(of: now) != nil, "\(parameter)")
                }
            }
        }
        #expect(parameters > 1000)
    }

    @Test func `the project's own configurations make sweeps`() throws {
        let root = Project.root.appendingPathComponent("configs")
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".yaml") }
        #expect(!names.isEmpty)
        for name in names {
            let (_, file) = try starter(of: String(contentsOf: root.appendingPathComponent(name), encoding: .utf8))
            // One is in the research code's form, with names of its own.
            let rate = name.contains("legacy") ? "Runtime.Train.optimizer.args.lr" : "optimizer.learning_rate"
            #expect(file.sweep.space[rate] != nil, "\(name)")
        }
    }

    @Test(arguments: [
        ("{name: gauss_newton, learning_rate: 0.3}", "", 0.03...1),
        ("{name: gauss_newton, learning_rate: 1}", "", 0.03...1), ("{name: sgd, learning_rate: 0.3}", "", 0.01...1),
        ("{name: gauss_newton, learning_rate: 2.0}", "data: {subset: 256, batch_size: 256}", 0.1...6),
        ("{name: gauss_newton, learning_rate: 8.0}", "data: {subset: 256, batch_size: 256}", 0.1...8),
        ("{name: gauss_newton, learning_rate: 0.1}", "loss: {curvature: exact}", 0.001...1),
        ("{name: gauss_newton, learning_rate: 0.1}", "loss: {name: mse}", 0.001...1),
    ])
    func `the range of a Gauss-Newton rate is that of its curvature and batch`(
        optimizer: String, rest: String, range: ClosedRange<Double>
    ) throws {
        let (_, file) = try starter(of: "optimizer: \(optimizer)\n\(rest)\n")
        let found = file.sweep.space["optimizer.learning_rate"]?.distribution
        #expect(found == .logUniform(min: range.lowerBound, max: range.upperBound))
    }

    @Test(arguments: ["lr = 0.1\nname = \"x\"\n", "[model]\nlr = 0.1\n"])
    func `a configuration in TOML is refused as that`(text: String) throws {
        let error = #expect(throws: DiagnosticsError.self) {
            try StarterFile.draft(of: ConfigDocument(parsing: SourceFile(path: "c.toml", text: text)), path: "c.toml")
        }
        let line = text.split(separator: "\n").first ?? ""
        #expect(
            error?.description == """
                c.toml:1:1: error: this looks like TOML, and only YAML and JSON are read
                1 | \(line)
                  | ^
                  = help: in YAML a value is 'key: value', and a section is 'name:' with its keys indented below it
                """)
    }

    @Test(arguments: ["[]", "a: [1, 2]", "seed: 3", ""])
    func `a configuration with nothing to vary is refused`(text: String) {
        #expect(throws: DiagnosticsError.self) { try starter(of: text) }
    }
}
