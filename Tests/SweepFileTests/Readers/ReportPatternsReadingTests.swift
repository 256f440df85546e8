import SweepFile
import Testing

@Suite struct ReportPatternsReadingTests {
    @Test func `reports are one pattern or a list`() throws {
        let one = try SweepText(trainer: "{command: [train], reports: 'loss={loss}'}").read()
        #expect(one.sweep.trainer.reports.map(\.text) == ["loss={loss}"])
        let list = try SweepText(trainer: "{command: [train], reports: ['a {a}', 'loss {loss}']}").read()
        #expect(list.sweep.trainer.reports.map(\.names) == [["a"], ["loss"]])
        #expect(try SweepText().read().sweep.trainer.reports.isEmpty)
    }

    @Test func `another pattern is a change of the trainer`() throws {
        let former = try SweepText(trainer: "{command: [train], reports: 'loss={loss}'}").read()
        let file = try SweepText(trainer: "{command: [train], reports: 'loss: {loss}'}").read()
        #expect(file.changes(since: former).map(\.description) == ["trainer.reports: 'loss={loss}' → 'loss: {loss}'"])
    }

    @Test(arguments: [
        Mistake(
            "a mapping of YAML", SweepText(trainer: "{command: [train], reports: {loss}}"),
            """
            s.yaml:2:38: error: 'trainer.reports' must be text, found a mapping
            2 | trainer: {command: [train], reports: {loss}}
              |                                      ^
              = help: in quotes, as YAML has braces of its own: reports: "epoch {step}: val_loss={val_loss}"
            """),
        Mistake(
            "no number", SweepText(trainer: "{command: [train], reports: [loss]}"),
            """
            s.yaml:2:39: error: 'trainer.reports' reads no number
            2 | trainer: {command: [train], reports: [loss]}
              |                                       ^
              = help: a pattern is no regular expression: val_loss={val_loss}, for instance
            """),
        Mistake(
            "an open brace", SweepText(trainer: "{command: [train], reports: 'loss {loss'}"),
            """
            s.yaml:2:38: error: 'trainer.reports' has a '{' that is not closed
            2 | trainer: {command: [train], reports: 'loss {loss'}
              |                                      ^
              = help: {{ is a brace that stands for itself
            """),
        Mistake(
            "the step alone", SweepText(trainer: "{command: [train], reports: ['epoch {step}']}"),
            """
            s.yaml:2:38: error: 'trainer.reports' reads no number but the step
            2 | trainer: {command: [train], reports: ['epoch {step}']}
              |                                      ^
              = help: another pattern of the list reads the metric: {NAME}
            """),
        Mistake(
            "nothing", SweepText(trainer: "{command: [train], reports: []}"),
            """
            s.yaml:2:38: error: 'trainer.reports' is an empty list
            2 | trainer: {command: [train], reports: []}
              |                                      ^
              = help: reports: "epoch {step}: val_loss={val_loss}"
            """),
    ])
    func `a mistake is shown where it is`(_ mistake: Mistake) { mistake.check() }
}
