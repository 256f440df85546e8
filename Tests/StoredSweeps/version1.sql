PRAGMA foreign_keys = OFF;
PRAGMA application_id = 1919252083;
BEGIN TRANSACTION;
CREATE TABLE event (
    id       INTEGER PRIMARY KEY,
    time     TEXT NOT NULL,
    trial    INTEGER REFERENCES trial (number),
    attempt  INTEGER,
    kind     TEXT NOT NULL,
    detail   TEXT
) STRICT;
INSERT INTO "event" VALUES(1,'2026-11-24T02:11:14.799Z',NULL,NULL,'planner started','process 10149, 1 workers');
INSERT INTO "event" VALUES(2,'2026-11-24T02:11:14.803Z',0,NULL,'planned','sampled');
INSERT INTO "event" VALUES(3,'2026-11-24T02:11:14.809Z',0,1,'started',NULL);
INSERT INTO "event" VALUES(4,'2026-11-24T02:11:14.820Z',0,1,'ended','complete');
INSERT INTO "event" VALUES(5,'2026-11-24T02:11:14.823Z',1,NULL,'planned','sampled');
INSERT INTO "event" VALUES(6,'2026-11-24T02:11:14.823Z',1,1,'started',NULL);
INSERT INTO "event" VALUES(7,'2026-11-24T02:11:14.835Z',1,1,'ended','failed: crash: exit 3');
INSERT INTO "event" VALUES(8,'2026-11-24T02:11:14.836Z',2,NULL,'planned','sampled');
INSERT INTO "event" VALUES(9,'2026-11-24T02:11:14.837Z',2,1,'started',NULL);
INSERT INTO "event" VALUES(10,'2026-11-24T02:11:14.839Z',2,1,'ended','complete');
INSERT INTO "event" VALUES(11,'2026-11-24T02:11:14.842Z',3,NULL,'planned','sampled');
INSERT INTO "event" VALUES(12,'2026-11-24T02:11:14.842Z',3,1,'started',NULL);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1: sweep, trial, parameter, metric, event');
CREATE TABLE metric (
    id       INTEGER PRIMARY KEY,                         -- in the order of arrival
    trial    INTEGER NOT NULL REFERENCES trial (number),
    attempt  INTEGER NOT NULL CHECK (attempt >= 1),
    step     INTEGER NOT NULL,
    name     TEXT NOT NULL,
    value    REAL                                         -- NULL: not a number
) STRICT;
INSERT INTO "metric" VALUES(1,0,1,1,'loss',6.11010017111712100401e-01);
INSERT INTO "metric" VALUES(2,0,1,1,'other',2.0);
INSERT INTO "metric" VALUES(3,2,1,1,'loss',1.39589892731500242462e-01);
INSERT INTO "metric" VALUES(4,2,1,1,'other',2.0);
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
INSERT INTO "parameter" VALUES(0,'x','number',6.11010017111712100401e-01);
INSERT INTO "parameter" VALUES(1,'x','number',3.71448460912851663451e-01);
INSERT INTO "parameter" VALUES(2,'x','number',1.39589892731500242462e-01);
INSERT INTO "parameter" VALUES(3,'x','number',1.11827287967493083087e-01);
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
INSERT INTO "sweep" VALUES(1,'old','loss','minimize','last','["x"]',NULL,'old.yaml','name: old
metric: {name: loss, goal: minimize}
trainer: {command: [./t.sh, "{param:x}"]}
parameters: {x: {type: uniform, min: 0, max: 1}}
budget: {trials: 5}
resources: {parallel: 1}
',NULL,NULL,'/sweeps','2026-11-24T02:11:14.754Z');
CREATE TABLE trial (
    number       INTEGER PRIMARY KEY CHECK (number >= 0),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'complete', 'pruned', 'diverged', 'failed')),
    reason       TEXT,
    attempt      INTEGER NOT NULL CHECK (attempt >= 0),
    value        REAL CHECK (abs(value) <= 1.7976931348623157e308),     -- finite, or NULL
    origin       TEXT NOT NULL CHECK (origin IN ('sampled', 'enqueued')),
    seed         INTEGER NOT NULL,
    created      TEXT NOT NULL,
    started      TEXT,
    ended        TEXT,
    error_output TEXT,
    CHECK ((state IN ('complete', 'pruned', 'diverged', 'failed')) = (ended IS NOT NULL)),
    CHECK (state <> 'running' OR (attempt >= 1 AND started IS NOT NULL)),
    CHECK (state <> 'complete' OR value IS NOT NULL),
    CHECK (state <> 'diverged' OR value IS NULL),
    CHECK (state <> 'failed' OR reason IS NOT NULL),
    CHECK (state <> 'pruned' OR reason IS NOT NULL)
) STRICT;
INSERT INTO "trial" VALUES(0,'complete',NULL,1,6.11010017111712100401e-01,'sampled',1922670766,'2026-11-24T02:11:14.803Z','2026-11-24T02:11:14.809Z','2026-11-24T02:11:14.820Z',NULL);
INSERT INTO "trial" VALUES(1,'failed','crash: exit 3',1,NULL,'sampled',1138331279,'2026-11-24T02:11:14.823Z','2026-11-24T02:11:14.823Z','2026-11-24T02:11:14.835Z',NULL);
INSERT INTO "trial" VALUES(2,'complete',NULL,1,1.39589892731500242462e-01,'sampled',1586428686,'2026-11-24T02:11:14.836Z','2026-11-24T02:11:14.837Z','2026-11-24T02:11:14.839Z',NULL);
INSERT INTO "trial" VALUES(3,'running',NULL,1,NULL,'sampled',620942058,'2026-11-24T02:11:14.842Z','2026-11-24T02:11:14.842Z',NULL,NULL);
CREATE INDEX trial_by_state ON trial (state);
CREATE INDEX metric_by_trial ON metric (trial, name, id);
CREATE TRIGGER trial_is_never_deleted BEFORE DELETE ON trial
BEGIN SELECT RAISE(ABORT, 'a trial is never deleted'); END;
CREATE TRIGGER ended_trial_never_changes BEFORE UPDATE ON trial WHEN OLD.state IN ('complete', 'pruned', 'diverged', 'failed')
BEGIN SELECT RAISE(ABORT, 'a trial that has ended never changes'); END;
CREATE TRIGGER trial_moves_legally BEFORE UPDATE OF state ON trial
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 'waiting' AND NEW.state = 'running') OR (OLD.state = 'waiting' AND NEW.state = 'pruned') OR (OLD.state = 'waiting' AND NEW.state = 'failed') OR (OLD.state = 'running' AND NEW.state = 'waiting') OR (OLD.state = 'running' AND NEW.state = 'complete') OR (OLD.state = 'running' AND NEW.state = 'pruned') OR (OLD.state = 'running' AND NEW.state = 'diverged') OR (OLD.state = 'running' AND NEW.state = 'failed'))
BEGIN SELECT RAISE(ABORT, 'a trial cannot move between these states'); END;
CREATE TRIGGER trial_begins_waiting BEFORE INSERT ON trial WHEN NEW.state <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a trial begins as waiting'); END;
CREATE VIEW trials_wide AS SELECT
    t.number, t.state, t.reason, t.attempt, t.value,
    round((julianday(t.ended) - julianday(t.started)) * 86400, 3) AS seconds,
    (SELECT p.value FROM parameter AS p
     WHERE p.trial = t.number AND p.name = 'x')
        AS "x"
FROM trial AS t ORDER BY t.number;
COMMIT;
