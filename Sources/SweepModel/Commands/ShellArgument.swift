/// Which arguments of a command a shell reads, and expands `$NAME` in.
package enum ShellArgument {
    /// Programs that read the argument after `-c` as a shell does.
    private static let shells: Set = ["sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "csh", "tcsh", "su", "script"]

    /// Whether a shell reads the argument after these, on this machine (`sh -c SCRIPT`) or on another (`ssh HOST
    /// COMMAND`).
    ///
    ///     ShellArgument.follows(["sh", "-c"])                 // true
    ///     ShellArgument.follows(["env", "bash", "-lc"])       // true
    ///     ShellArgument.follows(["python3", "-c"])            // false: Python reads it
    package static func follows(_ words: some Collection<String>) -> Bool {
        programs(words).contains("ssh") || shell(readingAfter: words) != nil
    }

    /// The name of the shell on this machine that reads the argument after these; nil if none does.
    ///
    ///     ShellArgument.shell(readingAfter: ["env", "/bin/bash", "-lc"])      // bash
    package static func shell(readingAfter words: some Collection<String>) -> String? {
        let words = Array(words)
        guard let option = words.last, option.hasPrefix("-"), !option.hasPrefix("--"), option.hasSuffix("c") else {
            return nil
        }
        return programs(words.dropLast()).last(where: shells.contains)
    }

    private static func programs(_ words: some Collection<String>) -> [String] {
        words.map { String($0.split(separator: "/").last ?? "") }
    }
}
