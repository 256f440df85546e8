import GRDB
import SweepModel

/// The tables of a sweep's database, for the store and for people with the `sqlite3` shell.
///
/// The schema forbids what may never be: an ended trial that changes, a move between states that no planner makes, a
/// value of the wrong kind. A fault in the planner, or a careless `UPDATE` by hand, is then an error and not a wrong
/// result.
///
///     sqlite3 results/digits/sweep.sqlite "SELECT * FROM trials_wide WHERE state = 'complete' ORDER BY value LIMIT 5"
///
/// The tables:
///
///     sweep        one row: the sweep's name, its metric, and its files as text
///     trial        one row for each trial: its state, reason, value and times
///     parameter    the values of the trials, a row for each
///     metric       every number that a trainer reported
///     proposal     who proposed the values of a trial, and what was expected
///     decision     every comparison of a trial with others, with its reason
///     event        everything that happened, with its time
///     queue        values that the user wants tried next
///     prior_trial  trials of other sweeps from which this one learns
///     trials_wide  a view: trials with a column for each parameter
enum Schema {
    /// The letters "revs", which tell a sweep's database from any other SQLite file.
    static let applicationIdentifier = 0x7265_7673

    /// The steps from an empty file to the present tables. A step that was released never changes: databases that took
    /// it would differ from those that take it later.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: sweep, trial, parameter, metric, event") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier)")
            try database.execute(sql: firstVersion)
            try database.execute(sql: legalMoves)
        }
        migrator.registerMigration("2: decision, queue") { database in
            try database.execute(sql: decisionsAndQueue)
        }
        migrator.registerMigration("3: where trainers run") { database in
            try database.execute(sql: trainerDirectory)
        }
        migrator.registerMigration("4: values of any kind") { database in
            // SQLite cannot change the check of a table, so the table and the view that reads it are created again.
            let view = try String.fetchOne(database, sql: "SELECT sql FROM sqlite_master WHERE name = 'trials_wide'")
            if view != nil { try database.execute(sql: "DROP VIEW trials_wide") }
            try database.execute(sql: valuesOfAnyKind)
            if let view { try database.execute(sql: view) }
        }
        migrator.registerMigration("5: causes and clocks") { database in
            try database.execute(sql: causesAndClocks)
            // The view shows the measured times from now on. A new sweep gets its view later, with its row.
            if try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM sweep)") ?? false {
                try database.execute(sql: "DROP VIEW IF EXISTS trials_wide")
                try database.execute(sql: wideView(parameterNames: SweepRow.fetch(database).parameterNames))
            }
        }
        migrator.registerMigration("5b: rungs of decisions") { database in
            try database.execute(sql: rungsOfDecisions)
        }
        migrator.registerMigration("6: accepted changes") { database in
            try database.execute(sql: sources)
        }
        migrator.registerMigration("7: reasons") { database in
            try database.execute(sql: reasonsInColumns)
        }
        migrator.registerMigration("8: proposals") { database in
            try database.execute(sql: proposals)
        }
        migrator.registerMigration("9: seeds and slots") { database in
            try database.execute(sql: seedsOfQueue)
            try database.execute(sql: proposalsOfMoreOccasions)
        }
        migrator.registerMigration("10: several objectives") { database in
            try database.execute(sql: severalObjectives)
            try database.execute(sql: proposalsOfMoreOccasions)
        }
        migrator.registerMigration("11: other sweeps") { database in
            try database.execute(sql: priorTrials)
            try database.execute(sql: proposalsOfMoreOccasions)
        }
        migrator.registerMigration("12: more occasions") { database in
            try database.execute(sql: proposalsOfMoreOccasions)
        }
        migrator.registerMigration("13: index of retries") { database in
            try database.execute(sql: indexOfRetries)
        }
        return migrator
    }

    /// The SQL condition that a column has one of these words.
    ///
    ///     isOne("kind", of: ["a", "b"])       // (kind = 'a' OR kind = 'b')
    ///
    /// For `kind IN ('a', 'b', 'c')` SQLite would make a table of the words whenever a row is written, which costs more
    /// than the row.
    static func isOne(_ column: String, of words: some Sequence<String>) -> String {
        "(" + words.map { "\(column) = '\($0)'" }.joined(separator: " OR ") + ")"
    }

    private static let states = TrialState.allCases.map(\.rawValue)
    private static let finalStates = TrialState.allCases.filter(\.isFinal).map(\.rawValue)

    private static let firstVersion = """
        CREATE TABLE sweep (
            id          INTEGER PRIMARY KEY CHECK (id = 1),       -- one row
            name        TEXT NOT NULL,
            metric      TEXT NOT NULL,
            goal        TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),
            rule        TEXT NOT NULL CHECK (rule IN ('last', 'best')),
            parameters  TEXT NOT NULL CHECK (json_valid(parameters)),   -- their names, in order
            lag         INTEGER CHECK (lag >= 1),                 -- NULL: not reproducible in parallel
            file_path   TEXT NOT NULL,
            file        TEXT NOT NULL,                            -- the sweep file, whole
            base_path   TEXT,
            base        TEXT,                                     -- the base configuration, whole
            directory   TEXT NOT NULL,                            -- where relative paths of the file start
            created     TEXT NOT NULL,
            CHECK ((base IS NULL) = (base_path IS NULL))
        ) STRICT;

        CREATE TABLE trial (
            number       INTEGER PRIMARY KEY CHECK (number >= 0),
            state        TEXT NOT NULL CHECK \(isOne("state", of: states)),
            reason       TEXT,
            attempt      INTEGER NOT NULL CHECK (attempt >= 0),
            value        REAL CHECK (abs(value) <= 1.7976931348623157e308),     -- finite, or NULL
            origin       TEXT NOT NULL CHECK (origin IN ('sampled', 'enqueued')),
            seed         INTEGER NOT NULL,
            created      TEXT NOT NULL,
            started      TEXT,
            ended        TEXT,
            error_output TEXT,
            CHECK (\(isOne("state", of: finalStates)) = (ended IS NOT NULL)),
            CHECK (state <> 'running' OR (attempt >= 1 AND started IS NOT NULL)),
            CHECK (state <> 'complete' OR value IS NOT NULL),
            CHECK (state <> 'diverged' OR value IS NULL),
            CHECK (state <> 'failed' OR reason IS NOT NULL),
            CHECK (state <> 'pruned' OR reason IS NOT NULL)
        ) STRICT;

        CREATE INDEX trial_by_state ON trial (state);

        CREATE TABLE parameter (
            trial  INTEGER NOT NULL REFERENCES trial (number),
            name   TEXT NOT NULL,
            kind   TEXT NOT NULL,
            value  ANY NOT NULL,
            PRIMARY KEY (trial, name),
            CHECK (CASE kind
                WHEN 'integer' THEN typeof(value) = 'integer'
                WHEN 'number'  THEN typeof(value) = 'real'
                WHEN 'string'  THEN typeof(value) = 'text'
                WHEN 'boolean' THEN typeof(value) = 'integer' AND value IN (0, 1)
                ELSE 0 END)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE metric (
            id       INTEGER PRIMARY KEY,                         -- in the order of arrival
            trial    INTEGER NOT NULL REFERENCES trial (number),
            attempt  INTEGER NOT NULL CHECK (attempt >= 1),
            step     INTEGER NOT NULL,
            name     TEXT NOT NULL,
            value    REAL                                         -- NULL: not a number
        ) STRICT;

        CREATE INDEX metric_by_trial ON metric (trial, name, id);

        CREATE TABLE event (
            id       INTEGER PRIMARY KEY,
            time     TEXT NOT NULL,
            trial    INTEGER REFERENCES trial (number),
            attempt  INTEGER,
            kind     TEXT NOT NULL,
            detail   TEXT
        ) STRICT;

        -- What is over stays as it ended.
        CREATE TRIGGER trial_is_never_deleted BEFORE DELETE ON trial
        BEGIN SELECT RAISE(ABORT, 'a trial is never deleted'); END;

        \(endedTrialNeverChanges)
        """

    /// Its own constant, as migrations that add columns have to drop the trigger and create it again.
    static let endedTrialNeverChanges = """
        CREATE TRIGGER ended_trial_never_changes BEFORE UPDATE ON trial WHEN \(isOne("OLD.state", of: finalStates))
        BEGIN SELECT RAISE(ABORT, 'a trial that has ended never changes'); END;
        """

    private static let actions = TrialDecision.Action.allCases.map(\.rawValue)

    private static let decisionsAndQueue = """
        CREATE TABLE decision (
            id       INTEGER PRIMARY KEY,                         -- in the order they were made
            time     TEXT NOT NULL,
            trial    INTEGER NOT NULL REFERENCES trial (number),
            attempt  INTEGER NOT NULL CHECK (attempt >= 1),
            step     INTEGER NOT NULL,
            value    REAL NOT NULL CHECK (abs(value) <= 1.7976931348623157e308),
            action   TEXT NOT NULL CHECK \(isOne("action", of: actions)),
            reason   TEXT NOT NULL,
            UNIQUE (trial, step, action)                          -- what was decided once stands
        ) STRICT;

        CREATE TRIGGER decision_stands BEFORE UPDATE ON decision
        BEGIN SELECT RAISE(ABORT, 'a decision stands'); END;

        CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON decision
        BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;

        CREATE TABLE queue (
            id          INTEGER PRIMARY KEY,                      -- in the order they will be tried
            time        TEXT NOT NULL,
            parameters  TEXT NOT NULL CHECK (json_valid(parameters)),
            trial       INTEGER UNIQUE REFERENCES trial (number)  -- NULL: waits for its turn
        ) STRICT;
        """

    /// The default keeps sweeps that exist already as they were started, in the trial's folder.
    private static let trainerDirectory = """
        -- Where trainers are started if the file does not say so.
        ALTER TABLE sweep ADD COLUMN trainer_directory TEXT NOT NULL DEFAULT '{trial_dir}'
            CHECK (trainer_directory IN ('{trial_dir}', '{sweep_dir}'));
        """

    private static let sources = """
        -- The way from the sweep's own folder to that of its file: a project that moves as a whole keeps it.
        ALTER TABLE sweep ADD COLUMN relative_directory TEXT;
        -- The trial that has these values from before: one of this sweep that is run again, or one that was imported
        -- from the sweep in another folder.
        ALTER TABLE trial ADD COLUMN source_sweep TEXT;
        ALTER TABLE trial ADD COLUMN source_trial INTEGER
            CHECK (source_trial >= 0 AND (source_sweep IS NULL OR source_trial IS NOT NULL));
        ALTER TABLE queue ADD COLUMN source_trial INTEGER REFERENCES trial (number);
        """

    private static let severalObjectives = """
        -- All metrics to optimize and all bounds, as a list of objects; NULL: one metric and no bound.
        ALTER TABLE sweep ADD COLUMN objectives TEXT CHECK (objectives IS NULL OR json_valid(objectives));
        -- The values of the other metrics than the first, by name.
        ALTER TABLE trial ADD COLUMN further_values TEXT
            CHECK (further_values IS NULL
                OR json_valid(further_values) AND json_type(further_values) = 'object');
        """

    private static let priorTrials = """
        CREATE TABLE prior_trial (
            source      TEXT NOT NULL,                            -- the folder of the other sweep
            number      INTEGER NOT NULL CHECK (number >= 0),     -- of the trial there
            parameters  TEXT NOT NULL CHECK (json_valid(parameters)),
            value       REAL NOT NULL CHECK (abs(value) <= 1.7976931348623157e308),  -- lower is better
            PRIMARY KEY (source, number)
        ) STRICT;
        """

    private static let seedsOfQueue = """
        -- The seed that the trainer is given; NULL: the one of the trial's number.
        ALTER TABLE queue ADD COLUMN seed INTEGER CHECK (seed >= 0);
        """

    /// The rung of a stored decision that was written before decisions had rungs: trials paused at one after the
    /// other, so the number of pauses so far tells the rung.
    static let rungOfDecision = "nullif(sum(action = 'pause') OVER (PARTITION BY trial ORDER BY id), 0) - 1"

    /// One report may pass several rungs, so (trial, step, action) does not tell decisions apart where trials pause.
    /// There the rung does, and elsewhere the step.
    private static let rungsOfDecisions = """
        CREATE TABLE new_decision (
            id       INTEGER PRIMARY KEY,                         -- in the order they were made
            time     TEXT NOT NULL,
            trial    INTEGER NOT NULL REFERENCES trial (number),
            attempt  INTEGER NOT NULL CHECK (attempt >= 1),
            step     INTEGER NOT NULL,                            -- of the report that it rests on
            rung     INTEGER CHECK (rung >= 0),                   -- NULL: trials do not pause
            value    REAL NOT NULL CHECK (abs(value) <= 1.7976931348623157e308),
            action   TEXT NOT NULL CHECK \(isOne("action", of: actions)),
            reason   TEXT NOT NULL,
            CHECK (action NOT IN ('pause', 'promote') OR rung IS NOT NULL),
            CHECK (action <> 'continue' OR rung IS NULL)
        ) STRICT;

        INSERT INTO new_decision (id, time, trial, attempt, step, rung, value, action, reason)
        SELECT id, time, trial, attempt, step, \(rungOfDecision), value, action, reason FROM decision ORDER BY id;

        DROP TABLE decision;
        ALTER TABLE new_decision RENAME TO decision;

        -- What was decided once stands.
        CREATE UNIQUE INDEX decision_at_step ON decision (trial, step, action) WHERE rung IS NULL;
        CREATE UNIQUE INDEX decision_at_rung ON decision (trial, rung, action) WHERE rung IS NOT NULL;

        CREATE TRIGGER decision_stands BEFORE UPDATE ON decision
        BEGIN SELECT RAISE(ABORT, 'a decision stands'); END;

        CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON decision
        BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
        """

    /// Parameters may be null, lists, mappings, or integers beyond 64 bits; these are stored as text.
    private static let valuesOfAnyKind = """
        CREATE TABLE parameter_of_any_kind (
            trial  INTEGER NOT NULL REFERENCES trial (number),
            name   TEXT NOT NULL,
            kind   TEXT NOT NULL,
            value  ANY NOT NULL,                                  -- null, lists and mappings in JSON
            PRIMARY KEY (trial, name),
            CHECK (CASE kind
                WHEN 'integer' THEN typeof(value) = 'integer'
                WHEN 'number'  THEN typeof(value) = 'real'
                WHEN 'string'  THEN typeof(value) = 'text'
                WHEN 'boolean' THEN typeof(value) = 'integer' AND value IN (0, 1)
                WHEN 'large integer' THEN typeof(value) = 'text' AND value GLOB '*[0-9]'
                WHEN 'null'    THEN typeof(value) = 'text' AND value = 'null'
                WHEN 'list'    THEN typeof(value) = 'text' AND json_valid(value) AND json_type(value) = 'array'
                WHEN 'mapping' THEN typeof(value) = 'text' AND json_valid(value) AND json_type(value) = 'object'
                ELSE 0 END)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO parameter_of_any_kind SELECT trial, name, kind, value FROM parameter;
        DROP TABLE parameter;
        ALTER TABLE parameter_of_any_kind RENAME TO parameter;
        """

    /// Triggers made from `TrialState.successors`, so that the rule is stated once.
    private static var legalMoves: String {
        let moves = TrialState.allCases.flatMap { state in
            state.successors.map { "(OLD.state = '\(state.rawValue)' AND NEW.state = '\($0.rawValue)')" }
        }
        return """
            CREATE TRIGGER trial_moves_legally BEFORE UPDATE OF state ON trial
            WHEN NOT (OLD.state = NEW.state OR \(moves.joined(separator: " OR ")))
            BEGIN SELECT RAISE(ABORT, 'a trial cannot move between these states'); END;

            CREATE TRIGGER trial_begins_waiting BEFORE INSERT ON trial WHEN NEW.state <> 'waiting'
            BEGIN SELECT RAISE(ABORT, 'a trial begins as waiting'); END;
            """
    }

    /// The view `trials_wide`: one row for each trial and one column for each parameter, which is how people want to
    /// see a sweep. A parameter with the name of another column gets `param.` in front, and a further metric of a sweep
    /// with several objectives `metric.`.
    ///
    /// SQLite allows a view 2,000 columns; parameters beyond these are in the table `parameter` alone.
    static func wideView(parameterNames: [String], furtherMetrics: [String] = []) -> String {
        var taken: Set = ["number", "state", "reason", "attempt", "value", "seconds"]
        let values = furtherMetrics.prefix(50).map { name in
            var column = name
            while !taken.insert(column.lowercased()).inserted { column = "metric.\(column)" }
            return """
                ,
                    (SELECT v.value FROM json_each(t.further_values) AS v
                     WHERE v.key = '\(name.replacing("'", with: "''"))')
                        AS "\(column.replacing("\"", with: "\"\""))"
                """
        }
        let columns = parameterNames.prefix(1900).map { name in
            // Names of columns that differ in case only are the same to SQLite.
            var column = name
            while !taken.insert(column.lowercased()).inserted { column = "param.\(column)" }
            return """
                ,
                    (SELECT p.value FROM parameter AS p
                     WHERE p.trial = t.number AND p.name = '\(name.replacing("'", with: "''"))')
                        AS "\(column.replacing("\"", with: "\"\""))"
                """
        }
        return """
            CREATE VIEW trials_wide AS SELECT
                t.number, t.state, t.reason, t.attempt, t.value\(values.joined()),
                coalesce(t.seconds, round((julianday(t.ended) - julianday(t.started)) * 86400, 3)) AS seconds\
            \(columns.joined())
            FROM trial AS t ORDER BY t.number
            """
    }
}
