import ConfigFile

/// The keys of an experiment's configuration as NNI reads them: `trial_concurrency`, `TrialConcurrency` and
/// `trialConcurrency` are one.
enum NNIKeys {
    /// Keys without a counterpart in a sweep file, of which those that matter are read before.
    static let withoutCounterpart = [
        "searchSpace", "searchSpaceFile", "searchSpacePath", "trainingService", "trainingServicePlatform",
        "useAnnotation", "debug", "logLevel", "logDir", "logCollection", "experimentWorkingDirectory", "nniManagerIp",
        "authorName", "description", "tunerGpuIndices", "maxTrialDuration", "trialConcurrency", "trialGpuNumber",
        "advisor", "tuner", "trial", "versionCheck", "experimentType", "multiPhase", "multiThread", "useActiveGpu",
        // About machines and services.
        "localConfig", "machineList", "remoteConfig", "amlConfig", "adlConfig", "dltsConfig", "dlcConfig",
        "paiYarnConfig", "paiConfig", "kubeflowConfig", "frameworkcontrollerConfig", "hybridConfig", "sharedStorage",
        "nniManagerNFSMountPath",
    ]

    /// The keys of version 2, and of version 1 where it has other ones.
    private static let known =
        withoutCounterpart + [
            "trialCommand", "trialCodeDirectory", "maxTrialNumber", "maxTrialNum", "maxExperimentDuration",
            "maxExecDuration", "experimentName", "name", "assessor",
        ]

    /// The keys inside of `tuner`, `trial` and `trainingService`.
    private static let inner = [
        "name", "className", "codeDirectory", "codeDir", "classDirectory", "classFileName", "classArgs",
        "builtinTunerName", "builtinAssessorName", "builtinAdvisorName", "gpuIndices", "includeIntermediateResults",
        "command", "gpuNum", "gpuNumber", "cpuNum", "memoryMB", "image", "platform", "worker", "ps", "master",
        "taskRoles", "useActiveGpu", "maxTrialNumberPerGpu",
    ]

    /// The configuration with its keys as they are listed here; keys that NNI does not know stay as they are, and so
    /// does what a search space and the arguments of a tuner say.
    static func canonical(_ node: ConfigNode) -> ConfigNode {
        renamed(node, known) { key, node in
            guard ["tuner", "assessor", "advisor", "trial", "trainingService"].contains(key) else { return node }
            return innerKeys(node)
        }
    }

    private static func innerKeys(_ node: ConfigNode) -> ConfigNode {
        if case .sequence(let nodes) = node.value {
            var node = node
            node.value = .sequence(nodes.map(innerKeys))
            return node
        }
        return renamed(node, inner) { key, node in
            ["worker", "ps", "master", "taskRoles"].contains(key) ? innerKeys(node) : node
        }
    }

    private static func renamed(
        _ node: ConfigNode, _ names: [String], _ value: (String, ConfigNode) -> ConfigNode
    ) -> ConfigNode {
        guard case .mapping(let entries) = node.value else { return node }
        let canonical = Dictionary(names.map { (plain($0), $0) }, uniquingKeysWith: { first, _ in first })
        var node = node
        node.value = .mapping(
            entries.map { entry in
                let key = canonical[plain(entry.key)] ?? entry.key
                return ConfigEntry(key: key, at: entry.keyLocation, node: value(key, entry.node))
            })
        return node
    }

    /// A name without what NNI does not look at.
    static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }
}
