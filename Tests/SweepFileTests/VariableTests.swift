import SweepFile
import SweepModel
import Testing

/// `$NAME` and `~` in commands and environment variables.
@Suite struct VariableTests {
    private static let variables = ["HOME": "/home/me", "X": "7", "EMPTY": ""]

    private func context() -> CommandTemplate.Context {
        CommandTemplate.Context(
            config: nil, trialDirectory: "/t", sweepDirectory: "/s", number: 3, attempt: 1, seed: 0,
            resources: Resources(), parameters: [], variable: { Self.variables[$0] })
    }

    @Test(arguments: [
        ("$HOME/x", "/home/me/x"), ("${HOME}/x", "/home/me/x"), ("~/x", "/home/me/x"), ("~", "/home/me"),
        ("--data=~/x", "--data=/home/me/x"), ("--data=$HOME", "--data=/home/me"), ("a$X$X", "a77"), ("[$EMPTY]", "[]"),
        ("$$HOME", "$HOME"), ("$${HOME}", "${HOME}"), ("$${a.b}", "${a.b}"), ("$$(pwd)", "$(pwd)"), ("pa$1", "pa$1"),
        ("$", "$"), ("a$$", "a$$"), ("^x$", "^x$"), ("a~b", "a~b"), ("x~/y", "x~/y"), ("~tmp", "~tmp"),
        ("${X:-5}", "7"), ("${NONE:-5}", "5"), ("${EMPTY:-a/b}", "a/b"), ("a:${NONE:-}", "a:"), ("${NONE:-:-}", ":-"),
        ("$X/{number}", "7/3"), ("{{$X}}", "{7}"),
    ])
    func `a variable and the user's folder are filled in`(text: String, expected: String) throws {
        let trainer = try SweepText(trainer: "{command: [train, '\(text)'], env: {A: '\(text)'}}").read().sweep.trainer
        #expect(trainer.command[1].arguments(in: context()) == [expected])
        if !text.hasPrefix("--") { #expect(trainer.environment["A"]?.value(in: context()) == expected) }
    }

    @Test func `a variable's value may hold several folders`() throws {
        let trainer = try SweepText(trainer: "{command: [train], env: {PATH: '{sweep_dir}/bin:~/bin:$X'}}").read().sweep
            .trainer
        #expect(trainer.environment["PATH"]?.value(in: context()) == "/s/bin:/home/me/bin:7")
        #expect(
            trainer.environment["PATH"]?.commonText(sweepDirectory: "/s", variable: { Self.variables[$0] })
                == "/s/bin:/home/me/bin:7")
    }

    @Test(arguments: [
        ("sh, -c, 'echo $X ${X} ~ $(pwd)'", "echo $X ${X} ~ $(pwd)"), ("bash, -lc, 'echo $X'", "echo $X"),
        ("env, A=1, /bin/sh, -c, 'echo $X'", "echo $X"), ("ssh, host, 'echo $X'", "echo $X"),
        ("sh, -c, 'echo {number}'", "echo 3"), ("train, -c, '$X'", "7"), ("sh, train.sh, '$X'", "7"),
        ("sh, -c, 'exec \"$0\"', '$X'", "7"),
    ])
    func `what a shell reads is left to it`(command: String, last: String) throws {
        let trainer = try SweepText(trainer: "{command: [\(command)]}").read().sweep.trainer
        #expect(trainer.command.last?.arguments(in: context()) == [last])
    }

    @Test func `the program may be beside the sweep file`() throws {
        let program = try SweepText(trainer: "{command: ['{sweep_dir}/t.sh', x]}").read().sweep.trainer.command[0]
        #expect(program.commonText(sweepDirectory: "/s") == "/s/t.sh")
    }

    @Test(arguments: [
        Mistake(
            "another name", SweepText(trainer: "{command: [train, '${X-5!}', '$(pwd)', '~you/x']}"),
            """
            s.yaml:2:28: error: '${X-5!}' is not the name of an environment variable
            2 | trainer: {command: [train, '${X-5!}', '$(pwd)', '~you/x']}
              |                            ^
              = help: for the text itself write '$${X-5!}'; what a shell should expand goes through one: [sh, -c, '…']
            s.yaml:2:39: error: '$(' is for a shell, and none reads this
            2 | trainer: {command: [train, '${X-5!}', '$(pwd)', '~you/x']}
              |                                       ^
              = help: command: [sh, -c, '…']; write '$$(' for the text
            s.yaml:2:49: error: '~you' is another user's folder, which is not looked up
            2 | trainer: {command: [train, '${X-5!}', '$(pwd)', '~you/x']}
              |                                                 ^
              = help: write the path out, or './~you' for a name that begins so
            """),
        Mistake(
            "in a variable", SweepText(trainer: "{command: [train], env: {A: '{args}', B: '{numbr}'}}"),
            """
            s.yaml:2:38: error: '{args}' is several arguments, and an environment variable is one text
            2 | trainer: {command: [train], env: {A: '{args}', B: '{numbr}'}}
              |                                      ^
              = help: write {args:json}, or {args:file} for the path of a file
            s.yaml:2:51: error: '{numbr}' is not a placeholder
            2 | trainer: {command: [train], env: {A: '{args}', B: '{numbr}'}}
              |                                                   ^
              = help: did you mean '{number}'?
            """),
    ])
    func `what cannot be filled in is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test func `a variable that nobody sets is refused at its place`() throws {
        let file = try SweepText(
            trainer: "{command: [train, '$A', '$B', '$REVSWEEP_TRIAL_DIR'], env: {B: '$C', D: '$OMP_NUM_THREADS'}}"
        ).read()
        expect(
            """
            s.yaml:2:28: error: the environment has no variable 'A'
            2 | trainer: {command: [train, '$A', '$B', '$REVSWEEP_TRIAL_DIR'], env: {B: '$C', D: '$OMP_NUM_THREADS'}}
              |                            ^
              = help: for another text in its place write '${A:-text}', for the text itself '$$A'
            s.yaml:2:73: error: the environment has no variable 'C'
            2 | trainer: {command: [train, '$A', '$B', '$REVSWEEP_TRIAL_DIR'], env: {B: '$C', D: '$OMP_NUM_THREADS'}}
              |                                                                         ^
              = help: for another text in its place write '${C:-text}', for the text itself '$$C'
            """
        ) { try file.requireVariables { _ in nil } }
        try file.requireVariables { ["A": "1", "C": "2"][$0] }
    }

    @Test func `a placeholder or a parameter that is written like a variable is what was meant`() throws {
        let file = try SweepText(
            trainer: "{command: [train, '${args}', '--w=$width']}", parameters: "width: {type: int, min: 1, max: 9}"
        ).read()
        expect(
            """
            s.yaml:2:28: error: the environment has no variable 'args'
            2 | trainer: {command: [train, '${args}', '--w=$width']}
              |                            ^
              = help: did you mean '{args}'?
            s.yaml:2:39: error: the environment has no variable 'width'
            2 | trainer: {command: [train, '${args}', '--w=$width']}
              |                                       ^
              = help: did you mean '{param:width}'?
            """
        ) { try file.requireVariables { _ in nil } }
    }
}
