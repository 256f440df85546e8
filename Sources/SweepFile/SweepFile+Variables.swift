import ConfigFile
import SweepModel
import SweepSearch
import TrialProtocol

extension SweepFile {
    /// The variables by which numerical libraries are told how many threads to use. revsweep sets them for each trial
    /// from `resources.threads`.
    public static let numericalVariables = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]

    /// Requires that every environment variable which the command or `trainer.env` names has a value, here or in the
    /// trial. A shell would use an empty text for a misspelled one, and every trial would run with a wrong path.
    ///
    ///     command: [train, "--data=$SCRTCH/mnist"]        # the environment has no variable 'SCRTCH'
    ///
    /// It is not asked when a file is read, so that the file of a stored sweep can be read on a machine that lacks the
    /// variables.
    ///
    /// - Parameter variable: gives the value of a variable in this process.
    /// - Throws: `DiagnosticsError` with the place of each variable that has none.
    public func requireVariables(
        _ variable: (String) -> String? = CommandTemplate.environmentVariable
    ) throws(DiagnosticsError) {
        let problems = DiagnosticCollector(source: document.source)
        let ofTrials = Set(
            TrialVariable.allCases.map(\.rawValue) + Self.numericalVariables + ["CUDA_VISIBLE_DEVICES"])
        func check(_ template: CommandTemplate?, _ node: ConfigNode?, inCommand: Bool) {
            for name in template?.variables ?? [] where variable(name) == nil && !ofTrials.contains(name) {
                if inCommand, sweep.trainer.environment[name] != nil { continue }
                problems.report(
                    "the environment has no variable '\(name)'", at: node?.location,
                    help: placeholder(named: name).map { "did you mean '{\($0)}'?" }
                        ?? "for another text in its place write '${\(name):-text}', for the text itself '$$\(name)'")
            }
        }
        let commands = [("trainer", sweep.trainer.command), ("launcher", sweep.launcher?.command ?? [])]
        for (section, command) in commands {
            guard case .sequence(let items) = document.root[path: "\(section).command"]?.value else { continue }
            for (template, item) in zip(command, items) { check(template, item, inCommand: true) }
        }
        for entry in document.root[path: "trainer.env"]?.entries ?? [] {
            check(sweep.trainer.environment[entry.key], entry.node, inCommand: false)
        }
        check(sweep.trainer.directory, document.root[path: "trainer.directory"], inCommand: false)
        try problems.throwIfAny()
    }

    /// The placeholder that is meant by a variable of that name: `${args}`, or `$lr` where there is a parameter `lr`.
    private func placeholder(named name: String) -> String? {
        if CommandTemplate.Placeholder.fixed.contains(where: { $0.name == name }) { return name }
        return sweep.space[name].map { "param:\($0.name)" }
    }
}
