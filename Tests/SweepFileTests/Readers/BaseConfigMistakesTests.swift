import SweepFile
import TestSupport
import Testing

@Suite struct BaseConfigMistakesTests {
    private static let trainer = "{command: [train, '{config}'], config: ../base.yaml}"
    private static let base = """
        model: {hidden: 64, activation: relu}
        optimizer:
          name: sgd
          learning_rate: 0.1
          nesterov: false
          schedule: [1, 2]
        seed:
        quoted: '0.1'
        older: 1_000
        no_number: '1_000'
        data: !include data.yaml
        run: !run {steps: [1]}
        """

    private static func sweep(_ parameters: String) -> SweepText {
        SweepText(trainer: trainer, parameters: parameters, base: base)
    }

    @Test(arguments: [
        Mistake(
            "misspelt", sweep("optimizer.learning_rat: {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: 'optimizer.learning_rat' is not in ../base.yaml
            5 |   optimizer.learning_rat: {type: uniform, min: 0, max: 1}
              |   ^
              = help: did you mean 'optimizer.learning_rate'?
            """),
        Mistake(
            "in another section", sweep("model.learning_rate: {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: 'model.learning_rate' is not in ../base.yaml
            5 |   model.learning_rate: {type: uniform, min: 0, max: 1}
              |   ^
              = help: did you mean 'optimizer.learning_rate'?
            """),
        Mistake(
            "without its section", sweep("hidden: {type: int, min: 1, max: 9}"),
            """
            s.yaml:5:3: error: 'hidden' is not in ../base.yaml
            5 |   hidden: {type: int, min: 1, max: 9}
              |   ^
              = help: did you mean 'model.hidden'?
            """),
        Mistake(
            "near nothing", sweep("dropout: {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: 'dropout' is not in ../base.yaml
            5 |   dropout: {type: uniform, min: 0, max: 1}
              |   ^
            """),
        Mistake(
            "below a value", sweep("model.hidden.size: {type: int, min: 1, max: 9}"),
            """
            s.yaml:5:3: error: 'model.hidden.size' is not in ../base.yaml
            5 |   model.hidden.size: {type: int, min: 1, max: 9}
              |   ^
              = help: did you mean 'model.hidden'?
            """),
    ])
    func `a path that is not in the base configuration is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "numbers for an integer", sweep("model.hidden: {type: uniform, min: 8, max: 64}"),
            """
            s.yaml:5:3: error: 'model.hidden' is the integer 64 in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   model.hidden: {type: uniform, min: 8, max: 64}
              |   ^
              = help: the parameter is a number from 8.0 to 64.0; write 64.0 in ../base.yaml if any number will do
            """),
        Mistake(
            "strings for an integer", sweep("model.hidden: {type: choice, values: [8, wide]}"),
            """
            s.yaml:5:3: error: 'model.hidden' is the integer 64 in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   model.hidden: {type: choice, values: [8, wide]}
              |   ^
              = help: the parameter is one of 8, wide
            """),
        Mistake(
            "only strings for an integer", sweep("model.hidden: {type: choice, values: [narrow, wide]}"),
            """
            s.yaml:5:3: error: 'model.hidden' is the integer 64 in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   model.hidden: {type: choice, values: [narrow, wide]}
              |   ^
              = help: the parameter is one of narrow, wide; write null in ../base.yaml if values of any kind will do
            """),
        Mistake(
            "integers for a string", sweep("optimizer.name: {type: int, min: 8, max: 64}"),
            """
            s.yaml:5:3: error: 'optimizer.name' is the string 'sgd' in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   optimizer.name: {type: int, min: 8, max: 64}
              |   ^
              = help: the parameter is an integer from 8 to 64
            """),
        Mistake(
            "strings for a boolean", sweep("optimizer.nesterov: {type: choice, values: [yes, no]}"),
            """
            s.yaml:5:3: error: 'optimizer.nesterov' is the boolean false in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   optimizer.nesterov: {type: choice, values: [yes, no]}
              |   ^
              = help: the parameter is one of 'yes', 'no'; true and false are the booleans
            """),
        Mistake(
            "strings for a number", sweep("optimizer.learning_rate: {type: choice, values: ['1e-3', 0.1]}"),
            """
            s.yaml:5:3: error: 'optimizer.learning_rate' is the number 0.1 in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   optimizer.learning_rate: {type: choice, values: ['1e-3', 0.1]}
              |   ^
              = help: the parameter is one of '1e-3', 0.1
            """),
        Mistake(
            "only strings for a number",
            sweep("optimizer.learning_rate: {type: choice, values: ['1e-3', '1e-2']}"),
            """
            s.yaml:5:3: error: 'optimizer.learning_rate' is the number 0.1 in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   optimizer.learning_rate: {type: choice, values: ['1e-3', '1e-2']}
              |   ^
              = help: the parameter is one of '1e-3', '1e-2'; write 1e-3 without quotes
            """),
        Mistake(
            "strings in quotes for a boolean", sweep("optimizer.nesterov: {type: choice, values: ['true', 'false']}"),
            """
            s.yaml:5:3: error: 'optimizer.nesterov' is the boolean false in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   optimizer.nesterov: {type: choice, values: ['true', 'false']}
              |   ^
              = help: the parameter is one of 'true', 'false'; write true without quotes
            """),
        Mistake(
            "a constant for a string", sweep("optimizer.name: {type: constant, value: 1}"),
            """
            s.yaml:5:3: error: 'optimizer.name' is the string 'sgd' in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   optimizer.name: {type: constant, value: 1}
              |   ^
              = help: the parameter is 1; write null in ../base.yaml if values of any kind will do
            """),
        Mistake(
            "numbers for a number in quotes", sweep("quoted: {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: 'quoted' is the string '0.1' in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   quoted: {type: uniform, min: 0, max: 1}
              |   ^
              = help: the parameter is a number from 0.0 to 1.0; write 0.1 without quotes in ../base.yaml
            """),
        Mistake(
            "numbers for an integer of YAML 1.1", sweep("older: {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: 'older' is the string '1_000' in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   older: {type: uniform, min: 0, max: 1}
              |   ^
              = help: the parameter is a number from 0.0 to 1.0; write a number with a point in ../base.yaml \
            if any number will do
            """),
        Mistake(
            "integers for text that has quotes", sweep("no_number: {type: int, min: 1, max: 3}"),
            """
            s.yaml:5:3: error: 'no_number' is the string '1_000' in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   no_number: {type: int, min: 1, max: 3}
              |   ^
              = help: the parameter is an integer from 1 to 3
            """),
        Mistake(
            "a value for a mapping", sweep("model: {type: choice, values: [small, large]}"),
            """
            s.yaml:5:3: error: 'model' is a mapping in ../base.yaml, and the parameter is not always of that kind
            5 |   model: {type: choice, values: [small, large]}
              |   ^
              = help: the parameter is one of small, large; a path below it is 'model.hidden'
            """),
        Mistake(
            "a value for a list", sweep("optimizer.schedule: {type: choice, values: [1, 2]}"),
            """
            s.yaml:5:3: error: 'optimizer.schedule' is a list in ../base.yaml, \
            and the parameter is not always of that kind
            5 |   optimizer.schedule: {type: choice, values: [1, 2]}
              |   ^
              = help: the parameter is one of 1, 2
            """),
    ])
    func `a parameter keeps the kind of value that the base configuration has`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "itself", sweep("data: {type: choice, values: [a, b]}"),
            """
            s.yaml:5:3: error: 'data' has the tag !include in ../base.yaml, which only the trainer understands
            5 |   data: {type: choice, values: [a, b]}
              |   ^
              = help: what has such a tag is passed on as it is; take the tag away to tune the value
            """),
        Mistake(
            "in what it stands for", sweep("data.size: {type: int, min: 1, max: 3}"),
            """
            s.yaml:5:3: error: 'data.size' is a part of 'data', which has the tag !include in ../base.yaml, \
            which only the trainer understands
            5 |   data.size: {type: int, min: 1, max: 3}
              |   ^
              = help: what has such a tag is passed on as it is; take the tag away to tune the value
            """),
    ])
    func `what only the trainer understands cannot be tuned`(mistake: Mistake) {
        mistake.check()
    }

    @Test func `integers may stand for a number, and anything for nothing`() throws {
        _ = try Self.sweep("optimizer.learning_rate: {type: int, min: 1, max: 2}").read()
        _ = try Self.sweep("seed: {type: choice, values: [1, a, true]}").read()
        for parameter in ["decay: {type: loguniform, min: 1e-6, max: 1e-2}", "rate: {type: choice, values: [0.5, 2]}"] {
            _ = try SweepText(trainer: Self.trainer, parameters: parameter, base: "{decay: 0, rate: 1}").read()
        }
    }

    @Test(arguments: [
        (
            "configs/bose.yaml",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'configs/bose.yaml': there is no such file
            2 | trainer: {command: [train], config: configs/bose.yaml}
              |                                     ^
              = help: did you mean 'configs/base.yaml'?
            """
        ),
        (
            "base.yml",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'base.yml': there is no such file
            2 | trainer: {command: [train], config: base.yml}
              |                                     ^
              = help: did you mean 'base.yaml'?
            """
        ),
        (
            "configs/twice.yaml",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'configs/twice.yaml': 2:1: the key 'x' is given twice
            2 | trainer: {command: [train], config: configs/twice.yaml}
              |                                     ^
              = help: it is first given on line 1
            """
        ),
        (
            "configs/list.yaml",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'configs/list.yaml' must be a mapping, found a list
            2 | trainer: {command: [train], config: configs/list.yaml}
              |                                     ^
            """
        ),
        (
            "configs/empty.yaml",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'configs/empty.yaml' must be a mapping, found nothing
            2 | trainer: {command: [train], config: configs/empty.yaml}
              |                                     ^
            """
        ),
        (
            "configs",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'configs': this is a directory, not a file
            2 | trainer: {command: [train], config: configs}
              |                                     ^
            """
        ),
        (
            "configs/base.toml",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'configs/base.toml': 1:1: \
            this looks like TOML, and only YAML and JSON are read
            2 | trainer: {command: [train], config: configs/base.toml}
              |                                     ^
              = help: in YAML a value is 'key: value', and a section is 'name:' with its keys indented below it
            """
        ),
        (
            "base.ini",
            """
            FOLDER/s.yaml:2:37: error: the base configuration 'base.ini': 1:1: \
            this looks like INI, and only YAML and JSON are read
            2 | trainer: {command: [train], config: base.ini}
              |                                     ^
              = help: in YAML a value is 'key: value', and a section is 'name:' with its keys indented below it
            """
        ),
        (
            "/nowhere/base.yaml",
            """
            FOLDER/s.yaml:2:37: error: the base configuration '/nowhere/base.yaml': there is no such file
            2 | trainer: {command: [train], config: /nowhere/base.yaml}
              |                                     ^
            """
        ),
    ])
    func `a base configuration that cannot be read is reported where it is named`(config: String, report: String) throws
    {
        let folder = try TemporaryDirectory()
        try folder.write("x: 0.5", to: "configs/base.yaml")
        try folder.write("x: 1\nx: 2", to: "configs/twice.yaml")
        try folder.write("- 1", to: "configs/list.yaml")
        try folder.write("", to: "configs/empty.yaml")
        try folder.write("x: 0.5", to: "base.yaml")
        try folder.write("[model]\nhidden = 3\n", to: "configs/base.toml")
        try folder.write("x = 0.5\ny = 1\n", to: "base.ini")
        let sweep = SweepText(trainer: "{command: [train], config: \(config)}").text
        let path = try folder.write(sweep, to: "s.yaml")
        expect(report, in: folder) { _ = try SweepFile.read(path: path) }
    }
}
