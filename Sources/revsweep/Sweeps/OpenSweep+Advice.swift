import Files
import Foundation
import SweepEngine
import SweepSearch

extension OpenSweep {
    /// What to write after `revsweep resume`: the name where that is enough, else the path of the folder.
    var resumeName: String {
        let usual = URL(fileURLWithPath: ResultsOption.usual).appendingPathComponent(file.sweep.name)
        return directory == usual.resolvingSymlinksInPath().path ? file.sweep.name : directory
    }

    /// Checks that no trial is in the hands of another program. A run would take it away from whoever asked for it,
    /// whose result would then be refused.
    ///
    /// - Throws: `UserError` with the trials that were asked for and not told yet; `SweepStoreError`.
    func requireNoneAsked() throws {
        let asked = try store.askedTrials()
        guard let first = asked.first else { return }
        let numbers = asked.prefix(10).map(String.init).joined(separator: ", ") + (asked.count > 10 ? ", …" : "")
        let objectives = file.sweep.objectives
        let report = objectives.measured.map { "\(ParameterValue.string($0.name).json(.compact)): VALUE" }.joined(
            separator: ", ")
        let outcome = objectives.further.isEmpty ? "--value VALUE" : "'{\(report)}'"
        throw UserError(
            message: asked.count == 1
                ? "trial \(numbers) was asked for, and nothing has been told of it yet"
                : "trials \(numbers) were asked for, and nothing has been told of them yet",
            help: """
                say how each ended, and run the sweep then: revsweep tell \(shell: resumeName) \(first) \(outcome)
                          or, for one that nothing will be told of: \
                revsweep tell \(shell: resumeName) \(first) --failed 'given up'
                """)
    }
}
