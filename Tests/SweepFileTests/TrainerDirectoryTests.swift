import ConfigFile
import SweepFile
import SweepModel
import Testing

@Suite struct TrainerDirectoryTests {
    private static let trial = "/results/s/trials/000007"

    private static func context(of file: SweepFile) -> CommandTemplate.Context {
        CommandTemplate.Context(
            config: nil, trialDirectory: trial, sweepDirectory: file.directory, number: 7, attempt: 1, seed: 3,
            resources: file.sweep.resources, parameters: [("x", .number(0.5))])
    }

    @Test(arguments: [
        ("", "/nowhere", true), (", directory: '{sweep_dir}'", "/nowhere", true),
        (", directory: work", "/nowhere/work", true),
        (", directory: ../work", "/work", true),
        (", directory: /work", "/work", true), (", directory: '{trial_dir}'", trial, false),
        (", directory: 'runs/{number}-{param:x}'", "/nowhere/runs/7-0.5", false),
    ])
    func `a trainer starts in the folder of the sweep file unless the file says otherwise`(
        setting: String, expected: String, isShared: Bool
    ) throws {
        let file = try SweepText(trainer: "{command: [train]\(setting)}").read()
        #expect(file.trainerDirectory(in: Self.context(of: file)) == expected)
        #expect(file.sharedTrainerDirectory == (isShared ? expected : nil))
    }

    @Test func `a stored sweep starts its trainers where its release did`() throws {
        let text = SweepText().text
        let file = try SweepFile(
            source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/nowhere",
            defaultTrainerDirectory: "{trial_dir}")
        #expect(file.trainerDirectory(in: Self.context(of: file)) == Self.trial)
    }

    @Test(arguments: [
        ("{command: [train]}", "", true), ("{command: [train]}", "resources: {parallel: 1}", false),
        ("{command: [train, '--out={trial_dir}']}", "", false),
        ("{command: [sh, -c, 'cd $REVSWEEP_TRIAL_DIR && train']}", "", false),
        ("{command: [train], directory: '{trial_dir}'}", "", false), ("{command: [train, '{seed}']}", "", true),
    ])
    func `trials share a folder where nothing leads them to their own`(
        trainer: String, rest: String, expected: Bool
    ) throws {
        #expect(try SweepText(trainer: trainer, rest: rest).read().sharesTrainerDirectory(onCores: 4) == expected)
    }

    @Test(arguments: [
        Mistake(
            "empty", SweepText(trainer: "{command: [train], directory: ''}"),
            """
            s.yaml:2:40: error: the trainer's directory cannot be ''
            2 | trainer: {command: [train], directory: ''}
              |                                        ^
              = help: name a folder, or leave it out
            """),
        Mistake(
            "unknown placeholder", SweepText(trainer: "{command: [train], directory: '{trialdir}'}"),
            """
            s.yaml:2:40: error: '{trialdir}' is not a placeholder
            2 | trainer: {command: [train], directory: '{trialdir}'}
              |                                        ^
              = help: did you mean '{trial_dir}'?
            """),
        Mistake(
            "no folder", SweepText(trainer: "{command: [train], directory: '{args}'}"),
            """
            s.yaml:2:40: error: '{args}' is no folder
            2 | trainer: {command: [train], directory: '{args}'}
              |                                        ^
              = help: a folder of the trial's own is "{trial_dir}"
            """),
    ])
    func `a directory that is none is refused`(mistake: Mistake) {
        mistake.check()
    }
}
