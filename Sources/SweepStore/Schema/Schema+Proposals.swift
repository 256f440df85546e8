import SweepSearch

/// Version 8 of the tables: who proposed the values of each trial, and what was expected of them.
///
/// It is a table of its own, since trials that were enqueued or imported have no row in it, and since a trial that has
/// ended never changes.
extension Schema {
    private static let methods = Proposal.Method.allCases.map(\.rawValue)
    private static let occasions = Proposal.Occasion.allCases.map(\.rawValue)

    static let proposals = proposalTable + proposalStands

    /// Version 9: SQLite cannot change the check of a table, so the table is created again.
    static let proposalsOfMoreOccasions = """
        DROP TRIGGER proposal_stands;
        ALTER TABLE proposal RENAME TO former_proposal;
        \(proposalTable)
        INSERT INTO proposal SELECT * FROM former_proposal ORDER BY trial;
        DROP TABLE former_proposal;
        \(proposalStands)
        """

    private static let proposalTable = """
        CREATE TABLE proposal (
            trial        INTEGER PRIMARY KEY REFERENCES trial (number),
            method       TEXT NOT NULL CHECK \(isOne("method", of: methods)),
            occasion     TEXT NOT NULL CHECK \(isOne("occasion", of: occasions)),
            ended        INTEGER NOT NULL CHECK (ended >= 0),     -- trials whose outcomes it rests on
            pending      INTEGER NOT NULL CHECK (pending >= 0),   -- trials of which only the values were known
            mean         REAL,                                    -- what the Gaussian process expected of the metric
            deviation    REAL CHECK (deviation >= 0),             -- how uncertain it was of that
            low          REAL,                                    -- nine of ten such trials report from low
            high         REAL CHECK (high >= low),                -- to high
            improvement  REAL CHECK (improvement >= 0),           -- expected, on the best trial
            log_ratio    REAL,                                    -- of TPE: log l(x)/g(x)
            CHECK ((mean IS NULL) = (deviation IS NULL) AND (mean IS NULL) = (low IS NULL)
                AND (mean IS NULL) = (high IS NULL) AND (mean IS NULL) = (improvement IS NULL))
        ) STRICT;

        """

    private static let proposalStands = """
        CREATE TRIGGER proposal_stands BEFORE UPDATE ON proposal
        BEGIN SELECT RAISE(ABORT, 'a proposal stands'); END;
        """
}
