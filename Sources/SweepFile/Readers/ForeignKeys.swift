import ConfigFile

/// The keys under which other tools have what a sweep file says elsewhere, and the place where it belongs.
///
/// Users know `n_trials` from Optuna, `num_samples` from Ray Tune and `run_cap` from W&B, and they write a key of a
/// section without the section. No search by spelling leads from there to `budget.trials`.
///
///     n_trials: 50
///     help: did you mean 'budget.trials'?
enum ForeignKeys {
    /// What to write in place of an unknown key of the whole file, by the key in lower case.
    static let top = advice(
        [
            ("budget.trials", ["trials"]), ("budget.trials", trials), ("budget.time", ["time"]), ("budget.time", time),
            ("budget.failures", ["failures", "max_failures"]), ("budget.target", ["target"]),
            ("resources.parallel", ["parallel"]), ("resources.parallel", parallel),
            ("resources.threads", ["threads"]), ("resources.threads", threads),
            ("resources.memory", ["memory"]), ("resources.memory", memory), ("resources.gpus", ["gpus", "gpu"]),
            ("resources.stall", ["stall"]), ("resources.processes", ["processes"]),
            ("resources.affinity", ["affinity"]),
            ("retry.attempts", ["attempts"]), ("retry.attempts", attempts), ("retry.backoff", ["backoff"]),
            (
                "sampler",
                ["method", "algorithm", "algo", "search_alg", "search_algorithm", "searcher", "strategy", "tuner"]
            ),
            ("sampler.seed", ["seed"]), ("sampler.seed", seed),
            (
                "pruner",
                ["early_stopping", "early_terminate", "early_termination", "scheduler", "stopper", "pruning"]
            ),
            (
                "parameters",
                [
                    "space", "search_space", "searchspace", "param_space", "config_space", "params",
                    "hyperparameters", "hparams",
                ]
            ),
            ("metric", ["objective"]), ("metrics", ["objectives"]), ("metric.goal", ["goal", "direction", "mode"]),
            ("trainer.command", ["command", "cmd", "program", "script", "executable", "entrypoint"]),
            ("trainer.config", ["config", "base", "base_config"]), ("trainer.env", ["env", "environment"]),
            ("trainer.directory", ["directory", "working_dir", "workdir", "cwd"]),
            ("name", ["study_name", "sweep_name", "experiment_name", "experiment"]),
        ], beside: sentences)

    /// The same for the sections that users of other tools fill in most.
    static let budget = advice([("trials", trials), ("time", ["timeout"]), ("time", time)])
    static let resources = advice([
        ("parallel", parallel), ("threads", threads), ("memory", memory), ("timeout", ["time"]), ("timeout", time),
        ("gpus", ["gpu"]),
    ])
    static let retry = advice([("attempts", attempts)])
    static let sampler = advice([("name", ["type", "method", "algorithm", "kind"]), ("seed", seed)])

    /// Whether `budget` has an end under the name of another tool, as in `budget: {max_trials: 50}`.
    static func isEnd(_ key: String) -> Bool { budget[key.lowercased()] != nil }

    private static let trials = [
        "n_trials", "num_trials", "max_trials", "num_samples", "run_cap", "max_evals", "max_runs", "n_calls", "n_iter",
        "maxtrialcount", "maxtrialnumber", "max_trial_number",
    ]
    private static let time = ["max_time", "time_budget", "time_budget_s", "max_duration", "duration", "walltime"]
    private static let parallel = [
        "jobs", "n_jobs", "num_jobs", "workers", "n_workers", "num_workers", "concurrency", "max_concurrent",
        "max_concurrent_trials", "max_parallel", "parallelism", "paralleltrialcount", "trialconcurrency",
        "trial_concurrency",
    ]
    private static let threads = ["cpus", "cpu", "cores", "n_threads", "num_threads"]
    private static let memory = ["mem", "ram"]
    private static let attempts = ["retries", "max_retries", "n_retries"]
    private static let seed = ["random_state", "random_seed", "rng_seed"]

    /// Advice that is more than the name of a key.
    private static let sentences: [String: KeyAdvice] = {
        let replicating: KeyAdvice = "replicates: {seeds: 3} runs good configurations with several seeds"
        let names = ["repeat", "repeats", "n_repeats", "repetitions", "replicate", "seeds", "n_seeds", "num_seeds"]
        var sentences = Dictionary(uniqueKeysWithValues: names.map { ($0, replicating) })
        sentences["timeout"] = "did you mean 'resources.timeout', for each trial, or 'budget.time', for all of them?"
        return sentences
    }()

    /// - Parameters:
    ///   - names: what is meant, with the keys that others use for it.
    ///   - others: what to say of further keys.
    private static func advice(
        _ names: [(meant: String, keys: [String])], beside others: [String: KeyAdvice] = [:]
    ) -> [String: KeyAdvice] {
        var advice = others
        for (meant, keys) in names {
            for key in keys { advice[key] = .words("did you mean '\(meant)'?") }
        }
        return advice
    }
}
