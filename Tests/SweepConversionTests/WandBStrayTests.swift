import ConfigFile
import SweepConversion
import SweepModel
import SweepSearch
import Testing

/// W&B sweeps with keys of nobody, with exponents that were rounded, and with parts left out.
@Suite struct WandBStrayTests {
    @Test func `a key that W&B does not know is noted`() throws {
        let converted = try Converted(
            """
            WANDB_DIR: runs
            method: random
            preprocessing: {size: !crop 3}
            parameters: {x: {value: 1}}
            """)
        for (line, key) in [(1, "WANDB_DIR"), (3, "preprocessing")] {
            let text = "W&B knows no key '\(key)', so it is left out"
            #expect(converted.conversion.notes.contains { $0.location?.line == line && $0.text == text })
        }
        #expect(converted.conversion.notes.contains { $0.text.hasPrefix("the tag '!crop' at 'preprocessing.size'") })
    }

    @Test(arguments: ["metod: grid", "paramters: {}", "run_capp: 3", "metrics_: {}", "early_termination: {}"])
    func `a key that looks like a known one is refused`(line: String) {
        let error = #expect(throws: DiagnosticsError.self) {
            _ = try Converted("method: random\n\(line)\nparameters: {x: {value: 1}}\n")
        }
        #expect(error?.description.contains("did you mean") == true)
    }

    @Test func `a message about a parameter points to its name`() {
        expect(
            """
            sweep.yaml:3:3: error: 'parameters.lr' has no values
            3 |   lr:
              |   ^
              = help: did you mean 'values'?
            """, ofConverting: "method: random\nparameters:\n  lr:\n    vals: [1]\n")
    }

    @Test func `a file for a scheduler of W&B Launch is known, and lacks what it lacks`() {
        let error = #expect(throws: DiagnosticsError.self) {
            _ = try Converted("run_cap: 5\nmetric: {name: a}\nscheduler:\n  job: b\n")
        }
        #expect(error?.description.contains("'method' is missing") == true)
        #expect(error?.description.contains("'parameters' is missing") == true)
    }

    @Test func `an exponent with few digits is the logarithm that was meant`() throws {
        let converted = try Converted(
            """
            method: random
            parameters:
              x: {distribution: q_log_uniform, min: 6.2146081, max: 9.21034037, q: 1}
            """)
        #expect(converted.distribution("x") == .quantized(.logarithmic, min: 500, max: 10000, step: 1))
        #expect(!converted.conversion.notes.contains { $0.text.contains("rounding") })
    }

    @Test(arguments: [
        ("min: 1e-5, max: 10", true), ("min: 0, max: 1", true), ("min: 16, max: 512", true),
        ("min: -9.2, max: -2.3", false), ("min: 0, max: 4", false), ("min: 2, max: 6", false),
    ])
    func `exponents that look like values are doubted`(range: String, isDoubted: Bool) throws {
        let text = "method: random\nparameters: {x: {distribution: log_uniform, \(range)}}\n"
        #expect(try Converted(text).conversion.notes.contains { $0.text.contains("exponents of e") } == isDoubted)
    }

    @Test(arguments: [("@sweep", "sweep"), ("my sweep", "my-sweep"), ("été", "t-"), ("@", "sweep")])
    func `a sweep whose file cannot name it has a name`(stem: String, expected: String) throws {
        let text = "method: random\nparameters: {x: {value: 1}}\n"
        #expect(try Converted(text, ConversionContext(fileName: stem)).sweep.name == expected)
        #expect(try Converted(text, ConversionContext(fileName: "fine")).conversion.text.contains("\nname:") == false)
    }
}
