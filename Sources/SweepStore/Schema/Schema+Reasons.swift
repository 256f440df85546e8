import GRDB

/// Version 7 of the tables: the details of a reason in columns of their own, and the program that PATH had.
///
/// With version 5 the cause became a column; the exit code, the signal and the peak were still only in the sentence.
extension Schema {
    static let reasonsInColumns = """
        ALTER TABLE trial ADD COLUMN exit_code INTEGER;     -- crash: of the trainer, or of the launcher as detail says
        ALTER TABLE trial ADD COLUMN signal INTEGER;        -- crash: that ended the trainer
        ALTER TABLE trial ADD COLUMN peak INTEGER;          -- memory: in bytes; processes: how many
        ALTER TABLE trial ADD COLUMN detail TEXT;           -- of the other causes that have one

        -- Where PATH had the trainer's program, which the file calls by a bare name.
        ALTER TABLE sweep ADD COLUMN program TEXT;

        -- Earlier releases kept the details in a sentence alone. It is read here once, and never again.
        DROP TRIGGER ended_trial_never_changes;
        UPDATE trial SET (cause, exit_code, signal, peak, detail) =
            (SELECT \(columns(cause: "cause").joined(separator: ", ")))
        WHERE cause IS NOT NULL;
        \(endedTrialNeverChanges)
        """

    /// The expressions that give the columns of a reason in a table of an earlier release. A reader cannot add the
    /// columns, and a sweep is shown before it is run again.
    ///
    /// - Returns: nil if the table has all the columns.
    static func reasonColumns(_ database: Database) throws -> String? {
        let present = Set(try database.columns(in: "trial").map(\.name))
        if present.contains("exit_code") { return nil }
        let cause = present.contains("cause") ? "cause" : cause(ofState: "state", reason: "reason")
        let names = ["cause", "exit_code", "signal", "peak", "detail"]
        return zip(columns(cause: "(\(cause))"), names).map { "\($0) AS \($1)" }.joined(separator: ", ")
    }

    /// The expressions that find the cause and its details in the sentence of an earlier release. A sentence that no
    /// planner writes was given by the user to `revsweep tell`.
    private static func columns(cause: String) -> [String] {
        let exit = "reason GLOB 'crash: exit [0-9]*'"
        let launcher = "reason GLOB 'crash: the launcher ended before the trainer: exit [0-9]*'"
        let signal = "reason GLOB 'crash: signal [0-9]*'"
        let memory = "reason GLOB 'memory: peak [0-9]* MiB'"
        let processes = "reason GLOB 'processes: peak [0-9]*'"
        let isTold = """
            (\(cause) = 'crash' AND NOT (\(exit) OR \(launcher) OR \(signal)) OR \(cause) = 'memory' AND NOT \(memory)
                OR \(cause) = 'processes' AND NOT \(processes))
            """
        // The number that follows these words.
        func number(after words: String) -> String { "CAST(substr(reason, \(words.count + 1)) AS INTEGER)" }
        return [
            "CASE WHEN \(isTold) THEN 'told' ELSE \(cause) END",
            """
            CASE WHEN \(cause) <> 'crash' THEN NULL WHEN \(exit) THEN \(number(after: "crash: exit "))
                WHEN \(launcher) THEN \(number(after: "crash: the launcher ended before the trainer: exit ")) END
            """,
            "CASE WHEN \(cause) = 'crash' AND \(signal) THEN \(number(after: "crash: signal ")) END",
            """
            CASE WHEN \(cause) = 'memory' AND \(memory) THEN \(number(after: "memory: peak ")) << 20
                WHEN \(cause) = 'processes' AND \(processes) THEN \(number(after: "processes: peak ")) END
            """,
            """
            CASE WHEN \(cause) = 'crash' AND \(launcher) THEN 'launcher'
                WHEN \(isTold) OR \(cause) IN ('pruned', 'paused', 'told') THEN reason
                WHEN \(cause) = 'launch' THEN substr(reason, \("launch: ".count + 1))
                WHEN \(cause) = 'no metric' THEN substr(reason, \("no metric ".count + 1)) END
            """,
        ]
    }
}
