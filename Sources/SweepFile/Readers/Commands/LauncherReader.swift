import ConfigFile
import SweepModel

/// Reads `launcher`: the prefix to the command that starts trials elsewhere, for instance on a cluster.
///
///     launcher: {command: [srun, -X, -Q, -n1], stop_signal: TERM}
///
///     # command: [python3, train.py] then runs as: srun -X -Q -n1 python3 train.py
///
/// The signal asks a trial to stop. Without `stop_signal` it is TERM; a launcher that handles TERM itself needs
/// another.
struct LauncherReader {
    let reader: CommandReader
    let problems: DiagnosticCollector

    /// Nil if there is none, or if there is a mistake in it, which is reported.
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
