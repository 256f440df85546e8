import SweepFile
import Testing

@Suite struct CommandMistakesTests {
    @Test(arguments: [
        Mistake(
            "unknown", SweepText(trainer: "{command: [train, '--seed={sed}']}"),
            """
            s.yaml:2:28: error: '{sed}' is not a placeholder
            2 | trainer: {command: [train, '--seed={sed}']}
              |                            ^
              = help: did you mean '{seed}'?
            """),
        Mistake(
            "near nothing", SweepText(trainer: "{command: [train, '{output}']}"),
            """
            s.yaml:2:28: error: '{output}' is not a placeholder
            2 | trainer: {command: [train, '{output}']}
              |                            ^
              = help: known are {config} {trial_dir} {sweep_dir} {number} {attempt} {seed} \
            {threads} {memory_mib} {gpus} {gpu_share} {args} {param:NAME}; write '{{' for a brace
            """),
        Mistake(
            "a brace", SweepText(trainer: "{command: [train, '{\"a\": 1}', '{seed']}"),
            """
            s.yaml:2:28: error: '{"a": 1}' is not a placeholder
            2 | trainer: {command: [train, '{"a": 1}', '{seed']}
              |                            ^
              = help: known are {config} {trial_dir} {sweep_dir} {number} {attempt} {seed} \
            {threads} {memory_mib} {gpus} {gpu_share} {args} {param:NAME}; write '{{' for a brace
            s.yaml:2:40: error: '{' is never closed
            2 | trainer: {command: [train, '{"a": 1}', '{seed']}
              |                                        ^
              = help: write '{{' for a brace
            """),
        Mistake(
            "no parameter's",
            SweepText(
                trainer: "{command: [train, '{param:y}', '{param:widht}']}",
                parameters: "width: {type: int, min: 1, max: 9}"),
            """
            s.yaml:2:28: error: '{param:y}' names no parameter of this sweep
            2 | trainer: {command: [train, '{param:y}', '{param:widht}']}
              |                            ^
            s.yaml:2:41: error: '{param:widht}' names no parameter of this sweep
            2 | trainer: {command: [train, '{param:y}', '{param:widht}']}
              |                                         ^
              = help: did you mean '{param:width}'?
            """),
        Mistake(
            "inside an argument", SweepText(trainer: "{command: [train, 'x={args}']}"),
            """
            s.yaml:2:28: error: '{args}' must be an argument of its own
            2 | trainer: {command: [train, 'x={args}']}
              |                            ^
              = help: it becomes one for each active parameter; {args:json} and {args:file} are one text
            """),
        Mistake(
            "in the script of a shell", SweepText(trainer: "{command: [sh, -c, 'train {args}']}"),
            """
            s.yaml:2:29: error: '{args}' must be an argument of its own
            2 | trainer: {command: [sh, -c, 'train {args}']}
              |                             ^
              = help: the shell gets it after the script, and a word for $0 before it: [sh, -c, 'python3 train.py "$@"'\
            , sh, "{args}"]
            """),
        Mistake(
            "with a parameter's own name",
            SweepText(
                trainer: "{command: [train, '{width}', '{widht}']}",
                parameters: "width: {type: int, min: 1, max: 9}"),
            """
            s.yaml:2:28: error: '{width}' is not a placeholder
            2 | trainer: {command: [train, '{width}', '{widht}']}
              |                            ^
              = help: did you mean '{param:width}'?
            s.yaml:2:39: error: '{widht}' is not a placeholder
            2 | trainer: {command: [train, '{width}', '{widht}']}
              |                                       ^
              = help: did you mean '{param:width}'?
            """),
        Mistake(
            "of a base that is not there", SweepText(trainer: "{command: [train, '{config}']}"),
            """
            s.yaml:2:28: error: '{config}' needs a base configuration
            2 | trainer: {command: [train, '{config}']}
              |                            ^
              = help: name one: trainer: {config: PATH}
            """),
        Mistake(
            "without quotes", SweepText(trainer: "{command: [train, {config}]}"),
            """
            s.yaml:2:28: error: an argument must be text, found a mapping
            2 | trainer: {command: [train, {config}]}
              |                            ^
              = help: a placeholder needs quotes: "{config}"
            """),
    ])
    func `a placeholder that stands for nothing is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "missing", SweepText(trainer: "{env: {A: 1}}"),
            """
            s.yaml:2:10: error: 'trainer.command' is missing
            2 | trainer: {env: {A: 1}}
              |          ^
              = help: command: [PROGRAM, ARGUMENT, …]
            """),
        Mistake(
            "a shell line", SweepText(trainer: "{command: train --fast}"),
            """
            s.yaml:2:20: error: 'trainer.command' must be a list of a program and its arguments, \
            found the string 'train --fast'
            2 | trainer: {command: train --fast}
              |                    ^
              = help: command: [PROGRAM, ARGUMENT, …]; no shell reads it
            """),
        Mistake(
            "empty", SweepText(trainer: "{command: []}"),
            """
            s.yaml:2:20: error: 'trainer.command' must be a list of a program and its arguments, found an empty list
            2 | trainer: {command: []}
              |                    ^
              = help: command: [PROGRAM, ARGUMENT, …]; no shell reads it
            """),
        Mistake(
            "no text", SweepText(trainer: "{command: [train, [a], null]}"),
            """
            s.yaml:2:28: error: an argument must be text, found a list
            2 | trainer: {command: [train, [a], null]}
              |                            ^
            s.yaml:2:33: error: an argument must be text, found nothing
            2 | trainer: {command: [train, [a], null]}
              |                                 ^
              = help: anything in quotes is one: "null"
            """),
        Mistake(
            "no program", SweepText(trainer: "{command: ['']}"),
            """
            s.yaml:2:21: error: the program must be a name or a path, found the string ''
            2 | trainer: {command: ['']}
              |                     ^
            """),
        Mistake(
            "a program that differs by trial", SweepText(trainer: "{command: ['{trial_dir}', x]}"),
            """
            s.yaml:2:21: error: the program must be a name or a path, found the string '{trial_dir}'
            2 | trainer: {command: ['{trial_dir}', x]}
              |                     ^
            """),
        Mistake(
            "a program that is no text", SweepText(trainer: "{command: [[python], train.py]}"),
            """
            s.yaml:2:21: error: an argument must be text, found a list
            2 | trainer: {command: [[python], train.py]}
              |                     ^
            """),
        Mistake(
            "what no program can be given", SweepText(trainer: "{command: [train, \"a\\0b\"], env: {A: \"\\0\"}}"),
            #"""
            s.yaml:2:28: error: an argument cannot hold a NUL
            2 | trainer: {command: [train, "a\0b"], env: {A: "\0"}}
              |                            ^
            s.yaml:2:46: error: 'trainer.env.A' cannot hold a NUL
            2 | trainer: {command: [train, "a\0b"], env: {A: "\0"}}
              |                                              ^
            """#),
    ])
    func `a command is a program and its arguments`(mistake: Mistake) {
        mistake.check()
    }
}
