import ArgumentParser

/// The options of all commands that run trials.
struct RunningOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Say nothing but errors.") var quiet = false
    @Flag(help: "On a terminal, too, a line for each trial and nothing else, as in a pipe.") var plain = false
    @Flag(help: "For programs: how it stands as a JSON object at the end, and nothing else.") var json = false
    @OptionGroup var mirror: MirrorOption

    func validate() throws {
        let given = [("--quiet", quiet), ("--plain", plain), ("--json", json)].filter(\.1).map(\.0)
        if given.count > 1 { throw ValidationError("\(given[0]) and \(given[1]) exclude each other") }
    }
}
