PRAGMA foreign_keys = OFF;
PRAGMA application_id = 1919252083;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('1: sweep, trial, parameter, metric, event');
INSERT INTO grdb_migrations VALUES('2: decision, queue');
INSERT INTO grdb_migrations VALUES('3: where trainers run');
INSERT INTO grdb_migrations VALUES('6: accepted changes');
INSERT INTO grdb_migrations VALUES('4: values of any kind');
INSERT INTO grdb_migrations VALUES('5: causes and clocks');
INSERT INTO grdb_migrations VALUES('5b: rungs of decisions');
INSERT INTO grdb_migrations VALUES('7: reasons');
INSERT INTO grdb_migrations VALUES('8: proposals');
INSERT INTO grdb_migrations VALUES('9: seeds and slots');
INSERT INTO grdb_migrations VALUES('10: several objectives');
INSERT INTO grdb_migrations VALUES('11: other sweeps');
INSERT INTO grdb_migrations VALUES('12: more occasions');
INSERT INTO grdb_migrations VALUES('13: index of retries');
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
    created     TEXT NOT NULL, trainer_directory TEXT NOT NULL DEFAULT '{trial_dir}'
    CHECK (trainer_directory IN ('{trial_dir}', '{sweep_dir}')), relative_directory TEXT, program TEXT, objectives TEXT
    CHECK (objectives IS NULL OR json_valid(objectives)),
    CHECK ((base IS NULL) = (base_path IS NULL))
) STRICT;
INSERT INTO sweep VALUES(1,'test','loss','minimize','last','["x","kind"]',NULL,'test.yaml',replace('name: test\nmetric: {name: loss, goal: minimize}\nbounds: [time <= 3]\ntrainer: {command: [./t.sh, "{param:x}"]}\nparameters: {x: {type: uniform, min: 0, max: 1}, kind: {type: choice, values: [a, b]}}\nsampler: random\npruner: {name: successive_halving, min_steps: 1, reduction: 2, max_steps: 3}\nbudget: {trials: 8}\nresources: {parallel: 1}\n','\n',char(10)),NULL,NULL,'/nowhere','2026-11-24T19:39:16.163Z','{sweep_dir}','../..',NULL,'[{"goal":"minimize","name":"loss","rule":"last"},{"limit":3,"name":"time","relation":"<=","rule":"last"}]');
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
    error_output TEXT, source_sweep TEXT, source_trial INTEGER
    CHECK (source_trial >= 0 AND (source_sweep IS NULL OR source_trial IS NOT NULL)), cause TEXT CHECK (cause IN ('crash', 'timeout', 'stall', 'memory', 'processes', 'launch', 'no metric', 'diverged', 'pruned', 'paused', 'interrupted', 'told')), seconds REAL CHECK (seconds >= 0), exit_code INTEGER, signal INTEGER, peak INTEGER, detail TEXT, further_values TEXT
    CHECK (further_values IS NULL OR json_valid(further_values) AND json_type(further_values) = 'object'),
    CHECK ((state IN ('complete', 'pruned', 'diverged', 'failed')) = (ended IS NOT NULL)),
    CHECK (state <> 'running' OR (attempt >= 1 AND started IS NOT NULL)),
    CHECK (state <> 'complete' OR value IS NOT NULL),
    CHECK (state <> 'diverged' OR value IS NULL),
    CHECK (state <> 'failed' OR reason IS NOT NULL),
    CHECK (state <> 'pruned' OR reason IS NOT NULL)
) STRICT;
INSERT INTO trial VALUES(0,'waiting','paused at rung 0, step 1',1,NULL,'sampled',1922670766,'2026-11-24T19:39:16.202Z','2026-11-24T19:39:16.202Z',NULL,NULL,NULL,NULL,'paused',NULL,NULL,NULL,NULL,'paused at rung 0, step 1',NULL);
INSERT INTO trial VALUES(1,'waiting','paused at rung 1, step 2',2,NULL,'sampled',1138331279,'2026-11-24T19:39:16.221Z','2026-11-24T19:39:16.235Z',NULL,NULL,NULL,NULL,'paused',NULL,NULL,NULL,NULL,'paused at rung 1, step 2',NULL);
INSERT INTO trial VALUES(2,'complete',NULL,3,0.13958989273150024246,'sampled',1586428686,'2026-11-24T19:39:16.303Z','2026-11-24T19:39:16.392Z','2026-11-24T19:39:16.581Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"time":3}');
INSERT INTO trial VALUES(3,'waiting','paused at rung 0, step 1',1,NULL,'enqueued',620942058,'2026-11-24T19:39:16.585Z','2026-11-24T19:39:16.587Z',NULL,NULL,NULL,2,'paused',NULL,NULL,NULL,NULL,'paused at rung 0, step 1',NULL);
INSERT INTO trial VALUES(4,'waiting','paused at rung 0, step 1',1,NULL,'sampled',647893096,'2026-11-24T19:39:16.607Z','2026-11-24T19:39:16.610Z',NULL,NULL,NULL,NULL,'paused',NULL,NULL,NULL,NULL,'paused at rung 0, step 1',NULL);
INSERT INTO trial VALUES(5,'running',NULL,1,NULL,'sampled',1759348518,'2026-11-24T19:39:16.618Z','2026-11-24T19:39:16.618Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE metric (
    id       INTEGER PRIMARY KEY,                         -- in the order of arrival
    trial    INTEGER NOT NULL REFERENCES trial (number),
    attempt  INTEGER NOT NULL CHECK (attempt >= 1),
    step     INTEGER NOT NULL,
    name     TEXT NOT NULL,
    value    REAL                                         -- NULL: not a number
) STRICT;
INSERT INTO metric VALUES(1,0,1,1,'loss',0.6110100171117121004);
INSERT INTO metric VALUES(2,0,1,1,'time',1.0);
INSERT INTO metric VALUES(3,1,1,1,'loss',0.37144846091285166345);
INSERT INTO metric VALUES(4,1,1,1,'time',1.0);
INSERT INTO metric VALUES(5,1,2,1,'loss',0.37144846091285166345);
INSERT INTO metric VALUES(6,1,2,1,'time',1.0);
INSERT INTO metric VALUES(7,1,2,2,'loss',0.37144846091285166345);
INSERT INTO metric VALUES(8,1,2,2,'time',2.0);
INSERT INTO metric VALUES(9,2,1,1,'loss',0.13958989273150024246);
INSERT INTO metric VALUES(10,2,1,1,'time',1.0);
INSERT INTO metric VALUES(11,2,2,1,'loss',0.13958989273150024246);
INSERT INTO metric VALUES(12,2,2,1,'time',1.0);
INSERT INTO metric VALUES(13,2,2,2,'loss',0.13958989273150024246);
INSERT INTO metric VALUES(14,2,2,2,'time',2.0);
INSERT INTO metric VALUES(15,2,3,1,'loss',0.13958989273150024246);
INSERT INTO metric VALUES(16,2,3,1,'time',1.0);
INSERT INTO metric VALUES(17,2,3,2,'loss',0.13958989273150024246);
INSERT INTO metric VALUES(18,2,3,2,'time',2.0);
INSERT INTO metric VALUES(19,2,3,3,'loss',0.13958989273150024246);
INSERT INTO metric VALUES(20,2,3,3,'time',3.0);
INSERT INTO metric VALUES(21,3,1,1,'loss',0.5);
INSERT INTO metric VALUES(22,3,1,1,'time',1.0);
INSERT INTO metric VALUES(23,4,1,1,'loss',0.44638238471916857896);
INSERT INTO metric VALUES(24,4,1,1,'time',1.0);
CREATE TABLE event (
    id       INTEGER PRIMARY KEY,
    time     TEXT NOT NULL,
    trial    INTEGER REFERENCES trial (number),
    attempt  INTEGER,
    kind     TEXT NOT NULL,
    detail   TEXT
, cause TEXT CHECK (cause IN ('crash', 'timeout', 'stall', 'memory', 'processes', 'launch', 'no metric', 'diverged', 'pruned', 'paused', 'interrupted', 'told')), seconds REAL CHECK (seconds >= 0)) STRICT;
INSERT INTO event VALUES(1,'2026-11-24T19:39:16.200Z',NULL,NULL,'planner started','process 23558, 1 workers',NULL,NULL);
INSERT INTO event VALUES(2,'2026-11-24T19:39:16.201Z',NULL,NULL,'planner alive',NULL,NULL,NULL);
INSERT INTO event VALUES(3,'2026-11-24T19:39:16.202Z',0,NULL,'planned','sampled',NULL,NULL);
INSERT INTO event VALUES(4,'2026-11-24T19:39:16.202Z',0,1,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(5,'2026-11-24T19:39:16.220Z',0,1,'paused','waiting: paused at rung 0, step 1','paused',NULL);
INSERT INTO event VALUES(6,'2026-11-24T19:39:16.221Z',1,NULL,'planned','sampled',NULL,NULL);
INSERT INTO event VALUES(7,'2026-11-24T19:39:16.221Z',1,1,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(8,'2026-11-24T19:39:16.229Z',1,1,'paused','waiting: paused at rung 0, step 1','paused',NULL);
INSERT INTO event VALUES(9,'2026-11-24T19:39:16.232Z',1,1,'promoted','rung 0 at step 1: rank 1 of 2, 1 goes on',NULL,NULL);
INSERT INTO event VALUES(10,'2026-11-24T19:39:16.235Z',1,2,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(11,'2026-11-24T19:39:16.300Z',1,2,'paused','waiting: paused at rung 1, step 2','paused',NULL);
INSERT INTO event VALUES(12,'2026-11-24T19:39:16.303Z',2,NULL,'planned','sampled',NULL,NULL);
INSERT INTO event VALUES(13,'2026-11-24T19:39:16.303Z',2,1,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(14,'2026-11-24T19:39:16.313Z',2,1,'paused','waiting: paused at rung 0, step 1','paused',NULL);
INSERT INTO event VALUES(15,'2026-11-24T19:39:16.314Z',2,1,'promoted','rung 0 at step 1: rank 1 of 3, 1 goes on',NULL,NULL);
INSERT INTO event VALUES(16,'2026-11-24T19:39:16.318Z',2,2,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(17,'2026-11-24T19:39:16.390Z',2,2,'paused','waiting: paused at rung 1, step 2','paused',NULL);
INSERT INTO event VALUES(18,'2026-11-24T19:39:16.391Z',2,2,'promoted','rung 1 at step 2: rank 1 of 2, 1 goes on',NULL,NULL);
INSERT INTO event VALUES(19,'2026-11-24T19:39:16.392Z',2,3,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(20,'2026-11-24T19:39:16.581Z',2,3,'ended','complete',NULL,NULL);
INSERT INTO event VALUES(21,'2026-11-24T19:39:16.585Z',3,NULL,'planned','enqueued',NULL,NULL);
INSERT INTO event VALUES(22,'2026-11-24T19:39:16.587Z',3,1,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(23,'2026-11-24T19:39:16.605Z',3,1,'paused','waiting: paused at rung 0, step 1','paused',NULL);
INSERT INTO event VALUES(24,'2026-11-24T19:39:16.607Z',4,NULL,'planned','sampled',NULL,NULL);
INSERT INTO event VALUES(25,'2026-11-24T19:39:16.610Z',4,1,'started',NULL,NULL,NULL);
INSERT INTO event VALUES(26,'2026-11-24T19:39:16.617Z',4,1,'paused','waiting: paused at rung 0, step 1','paused',NULL);
INSERT INTO event VALUES(27,'2026-11-24T19:39:16.618Z',5,NULL,'planned','sampled',NULL,NULL);
INSERT INTO event VALUES(28,'2026-11-24T19:39:16.618Z',5,1,'started',NULL,NULL,NULL);
CREATE TABLE queue (
    id          INTEGER PRIMARY KEY,                      -- in the order they will be tried
    time        TEXT NOT NULL,
    parameters  TEXT NOT NULL CHECK (json_valid(parameters)),
    trial       INTEGER UNIQUE REFERENCES trial (number)  -- NULL: waits for its turn
, source_trial INTEGER REFERENCES trial (number), seed INTEGER CHECK (seed >= 0)) STRICT;
INSERT INTO queue VALUES(1,'2026-11-24T19:39:16.463Z','{"entries":[{"name":"x","value":"0.5","kind":"number"}]}',3,NULL,NULL);
INSERT INTO queue VALUES(2,'2026-11-24T19:39:16.946Z','{"entries":[{"name":"x","kind":"number","value":"0.25"},{"name":"kind","kind":"string","value":"b"}]}',NULL,2,77);
CREATE TABLE IF NOT EXISTS "parameter" (
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
INSERT INTO parameter VALUES(0,'kind','string','b');
INSERT INTO parameter VALUES(0,'x','number',0.6110100171117121004);
INSERT INTO parameter VALUES(1,'kind','string','b');
INSERT INTO parameter VALUES(1,'x','number',0.37144846091285166345);
INSERT INTO parameter VALUES(2,'kind','string','b');
INSERT INTO parameter VALUES(2,'x','number',0.13958989273150024246);
INSERT INTO parameter VALUES(3,'kind','string','a');
INSERT INTO parameter VALUES(3,'x','number',0.5);
INSERT INTO parameter VALUES(4,'kind','string','a');
INSERT INTO parameter VALUES(4,'x','number',0.44638238471916857896);
INSERT INTO parameter VALUES(5,'kind','string','a');
INSERT INTO parameter VALUES(5,'x','number',0.076940151866543127212);
CREATE TABLE IF NOT EXISTS "decision" (
    id       INTEGER PRIMARY KEY,                         -- in the order they were made
    time     TEXT NOT NULL,
    trial    INTEGER NOT NULL REFERENCES trial (number),
    attempt  INTEGER NOT NULL CHECK (attempt >= 1),
    step     INTEGER NOT NULL,                            -- of the report that it rests on
    rung     INTEGER CHECK (rung >= 0),                   -- NULL: trials do not pause
    value    REAL NOT NULL CHECK (abs(value) <= 1.7976931348623157e308),
    action   TEXT NOT NULL CHECK (action IN ('continue', 'prune', 'pause', 'promote')),
    reason   TEXT NOT NULL,
    CHECK (action NOT IN ('pause', 'promote') OR rung IS NOT NULL),
    CHECK (action <> 'continue' OR rung IS NULL)
) STRICT;
INSERT INTO decision VALUES(1,'2026-11-24T19:39:16.214Z',0,1,1,0,0.6110100171117121004,'pause','paused at rung 0, step 1');
INSERT INTO decision VALUES(2,'2026-11-24T19:39:16.225Z',1,1,1,0,0.37144846091285166345,'pause','paused at rung 0, step 1');
INSERT INTO decision VALUES(3,'2026-11-24T19:39:16.232Z',1,1,1,0,0.37144846091285166345,'promote','rung 0 at step 1: rank 1 of 2, 1 goes on');
INSERT INTO decision VALUES(4,'2026-11-24T19:39:16.297Z',1,2,2,1,0.37144846091285166345,'pause','paused at rung 1, step 2');
INSERT INTO decision VALUES(5,'2026-11-24T19:39:16.305Z',2,1,1,0,0.13958989273150024246,'pause','paused at rung 0, step 1');
INSERT INTO decision VALUES(6,'2026-11-24T19:39:16.314Z',2,1,1,0,0.13958989273150024246,'promote','rung 0 at step 1: rank 1 of 3, 1 goes on');
INSERT INTO decision VALUES(7,'2026-11-24T19:39:16.376Z',2,2,2,1,0.13958989273150024246,'pause','paused at rung 1, step 2');
INSERT INTO decision VALUES(8,'2026-11-24T19:39:16.391Z',2,2,2,1,0.13958989273150024246,'promote','rung 1 at step 2: rank 1 of 2, 1 goes on');
INSERT INTO decision VALUES(9,'2026-11-24T19:39:16.589Z',3,1,1,0,0.5,'pause','paused at rung 0, step 1');
INSERT INTO decision VALUES(10,'2026-11-24T19:39:16.614Z',4,1,1,0,0.44638238471916857896,'pause','paused at rung 0, step 1');
CREATE TABLE proposal (
    trial        INTEGER PRIMARY KEY REFERENCES trial (number),
    method       TEXT NOT NULL CHECK (method = 'random' OR method = 'grid' OR method = 'sobol' OR method = 'tpe' OR method = 'cmaes' OR method = 'nsga2' OR method = 'gp' OR method = 'transfer'),
    occasion     TEXT NOT NULL CHECK (occasion = 'regular' OR occasion = 'start-up' OR occasion = 'same outcomes' OR occasion = 'many trials' OR occasion = 'many slots' OR occasion = 'many parameters' OR occasion = 'many objectives' OR occasion = 'singular' OR occasion = 'poor model' OR occasion = 'few numbers' OR occasion = 'searched out' OR occasion = 'constraints'),
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
INSERT INTO proposal VALUES(0,'sobol','start-up',0,0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO proposal VALUES(1,'tpe','poor model',1,3,NULL,NULL,NULL,NULL,NULL,0.5);
INSERT INTO proposal VALUES(2,'gp','regular',2,0,0.5,0.25,0.0,1.0,0.125,NULL);
INSERT INTO proposal VALUES(4,'nsga2','many objectives',3,2,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO proposal VALUES(5,'transfer','regular',3,2,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE prior_trial (
    source      TEXT NOT NULL,                            -- the folder of the other sweep
    number      INTEGER NOT NULL CHECK (number >= 0),     -- of the trial there
    parameters  TEXT NOT NULL CHECK (json_valid(parameters)),
    value       REAL NOT NULL CHECK (abs(value) <= 1.7976931348623157e308),  -- lower is better
    PRIMARY KEY (source, number)
) STRICT;
INSERT INTO prior_trial VALUES('/home/ada/results/former',7,'{"entries":[{"name":"x","kind":"number","value":"0.25"},{"name":"kind","kind":"string","value":"b"}]}',0.125);
CREATE INDEX trial_by_state ON trial (state);
CREATE INDEX metric_by_trial ON metric (trial, name, id);
CREATE TRIGGER trial_is_never_deleted BEFORE DELETE ON trial
BEGIN SELECT RAISE(ABORT, 'a trial is never deleted'); END;
CREATE TRIGGER trial_moves_legally BEFORE UPDATE OF state ON trial
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 'waiting' AND NEW.state = 'running') OR (OLD.state = 'waiting' AND NEW.state = 'pruned') OR (OLD.state = 'waiting' AND NEW.state = 'failed') OR (OLD.state = 'running' AND NEW.state = 'waiting') OR (OLD.state = 'running' AND NEW.state = 'complete') OR (OLD.state = 'running' AND NEW.state = 'pruned') OR (OLD.state = 'running' AND NEW.state = 'diverged') OR (OLD.state = 'running' AND NEW.state = 'failed'))
BEGIN SELECT RAISE(ABORT, 'a trial cannot move between these states'); END;
CREATE TRIGGER trial_begins_waiting BEFORE INSERT ON trial WHEN NEW.state <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a trial begins as waiting'); END;
CREATE INDEX event_asked ON event (trial, attempt) WHERE kind = 'asked';
CREATE INDEX event_retried ON event (trial) WHERE kind = 'retried';
CREATE VIEW trials_wide AS SELECT
    t.number, t.state, t.reason, t.attempt, t.value,
    (SELECT v.value FROM json_each(t.further_values) AS v
     WHERE v.key = 'time')
        AS "time",
    coalesce(t.seconds, round((julianday(t.ended) - julianday(t.started)) * 86400, 3)) AS seconds,
    (SELECT p.value FROM parameter AS p
     WHERE p.trial = t.number AND p.name = 'x')
        AS "x",
    (SELECT p.value FROM parameter AS p
     WHERE p.trial = t.number AND p.name = 'kind')
        AS "kind"
FROM trial AS t ORDER BY t.number;
CREATE UNIQUE INDEX decision_at_step ON decision (trial, step, action) WHERE rung IS NULL;
CREATE UNIQUE INDEX decision_at_rung ON decision (trial, rung, action) WHERE rung IS NOT NULL;
CREATE TRIGGER decision_stands BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision stands'); END;
CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
CREATE TRIGGER ended_trial_never_changes BEFORE UPDATE ON trial WHEN OLD.state IN ('complete', 'pruned', 'diverged', 'failed')
BEGIN SELECT RAISE(ABORT, 'a trial that has ended never changes'); END;
CREATE TRIGGER proposal_stands BEFORE UPDATE ON proposal
BEGIN SELECT RAISE(ABORT, 'a proposal stands'); END;
COMMIT;
