import SweepModel

/// Version 5 of the tables: causes in columns of their own, and times measured by a clock that does not jump.
///
/// Before, the cause was only in the sentence of `reason`, and counting interruptions meant searching in sentences.
extension Schema {
    private static let causes = TrialReason.Kind.allCases.map(\.rawValue)

    static let causesAndClocks = """
        ALTER TABLE trial ADD COLUMN cause TEXT CHECK \(isOne("cause", of: causes));
        ALTER TABLE trial ADD COLUMN seconds REAL CHECK (seconds >= 0);     -- of its last attempt, if it was measured
        ALTER TABLE event ADD COLUMN cause TEXT CHECK \(isOne("cause", of: causes));
        ALTER TABLE event ADD COLUMN seconds REAL CHECK (seconds >= 0);     -- that its planner had worked by then

        -- Earlier releases kept the cause in a sentence alone. It is read here once, and never again.
        DROP TRIGGER ended_trial_never_changes;
        UPDATE trial SET cause = \(cause(ofState: "state", reason: "reason"));
        \(endedTrialNeverChanges)
        UPDATE event SET cause = \(cause(
            ofState: "substr(detail, 1, instr(detail || ':', ':') - 1)",
            reason: "substr(detail, instr(detail, ': ') + 2)"))
        WHERE kind IN ('ended', 'retried', 'paused');
        UPDATE event SET cause = 'interrupted' WHERE kind = 'interrupted';

        CREATE INDEX event_asked ON event (trial, attempt) WHERE kind = 'asked';
        """

    /// How often a trial has failed is asked before each further attempt; without an index all events would be read.
    static let indexOfRetries = "CREATE INDEX event_retried ON event (trial) WHERE kind = 'retried'"

    /// The SQL expression that finds the cause in the sentence that earlier releases wrote.
    ///
    /// - Parameters:
    ///   - state: an expression for the trial's state.
    ///   - reason: an expression for the sentence.
    static func cause(ofState state: String, reason: String) -> String {
        """
        CASE
            WHEN \(state) = 'diverged' THEN 'diverged'
            WHEN \(state) = 'pruned' THEN 'pruned'
            WHEN \(state) NOT IN ('waiting', 'failed') OR \(reason) IS NULL THEN NULL
            WHEN \(reason) IN ('interrupted', 'timeout', 'stall', 'no metric') THEN \(reason)
            WHEN \(reason) LIKE 'no metric%' THEN 'no metric'
            WHEN \(reason) LIKE 'crash: %' THEN 'crash'
            WHEN \(reason) LIKE 'memory: %' THEN 'memory'
            WHEN \(reason) LIKE 'processes: %' THEN 'processes'
            WHEN \(reason) LIKE 'launch: %' THEN 'launch'
            WHEN \(reason) LIKE 'paused at rung %' THEN 'paused'
            ELSE 'told'
        END
        """
    }
}
