import ConfigFile
import TerminalDrawing
import Training
import TrainingDisplay

/// What a person can type after a run has ended: commands with the arguments that this one had.
struct NextSteps {
    let command: TrainCommand
    let settings: TrainingConfig
    let folder: String

    func summary(of view: TrainingView, _ outcome: TrainingOutcome) -> TrainingSummary {
        let (headline, steps): (StyledText, [TrainingSummary.Step]) =
            switch outcome {
            case .complete: (StyledText(), afterTheEnd)
            case .stopped:
                (
                    StyledText("stopped; the checkpoint is written", TextStyle(.yellow)),
                    [.init("goes on from there", train())]
                )
            case .diverged(let reason):
                (StyledText("diverged: \(reason)", TextStyle(.red)), [smallerRate])
            }
        return TrainingSummary(headline, view, folder: folder, steps: steps)
    }

    private var afterTheEnd: [TrainingSummary.Step] {
        let epochs = 2 * settings.training.epochs
        var steps: [TrainingSummary.Step] = []
        // A rate that falls towards the end of the run would have been another one in a longer run.
        if !settings.optimizer.schedule.dependsOnLength, epochs <= 1_000_000 {
            let key = isLegacy ? "Runtime.Train.args.num_epochs" : "training.epochs"
            steps.append(.init("goes on to \(epochs) epochs", train(setting: key, to: "\(epochs)")))
        }
        return steps + [
            .init("on the test samples", [program, "eval", folder]),
            .init("what it reported", [program, "curves", folder]),
            .init("its representations", [program, "cka", folder]),
        ]
    }

    private var smallerRate: TrainingSummary.Step {
        let key = isLegacy ? "Runtime.Train.optimizer.args.lr" : "optimizer.learning_rate"
        return .init(
            "begins again, more slowly",
            train(setting: key, to: "\(Float(settings.optimizer.rate / 10))") + ["--fresh"])
    }

    /// As it was called, so that what is copied works.
    private var program: String { CommandLine.arguments.first ?? "revmlp" }

    private var isLegacy: Bool { (try? TrainingConfig.isLegacy(path: command.config)) ?? false }

    /// The command as it was given, with another value for a key.
    private func train(setting key: String? = nil, to value: String = "") -> [String] {
        var words = [program, "train", command.config]
        if let output = command.output { words += ["--output", output] }
        for setting in command.settings where ConfigSetting(setting, option: "--set").key != key {
            words += ["--set", setting]
        }
        return words + (key.map { ["--set", "\($0)=\(value)"] } ?? [])
    }
}
