import ConfigFile
import SweepModel

/// Reads the prefix that puts trials on a cluster.
struct LauncherReader {
    let reader: CommandReader
    let problems: DiagnosticCollector

    func read(_ file: ConfigSection) -> Launcher? {
        guard let node = file.node("launcher"), node.value != .null else { return nil }
        let section = file.section("launcher")
        let signal = section.choice("stop_signal", of: Launcher.StopSignal.self) ?? .terminate
        guard let command = section.requiredNode("command", help: "command: [srun, -X, -Q, -n1]"),
            let templates = reader.read(command, path: "launcher.command")
        else { return nil }
        return Launcher(command: templates, stopSignal: signal)
    }
}
