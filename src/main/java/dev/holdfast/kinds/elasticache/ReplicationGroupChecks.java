package dev.holdfast.kinds.elasticache;

import dev.holdfast.kind.Findings;
import dev.holdfast.kind.WindowCheck;
import dev.holdfast.kinds.elasticache.ReplicationGroupKind.Spec;
import java.time.Duration;
import software.amazon.awssdk.services.elasticache.model.ClusterMode;
import software.amazon.awssdk.services.elasticache.model.TransitEncryptionMode;

/** The checks of values that ElastiCache rejects for a replication group. */
final class ReplicationGroupChecks {
    private static final WindowCheck<Spec> WINDOWS =
            new WindowCheck<>(Spec::snapshotWindow, Spec::preferredMaintenanceWindow, Duration.ofMinutes(60));

    private ReplicationGroupChecks() {}

    static void check(Spec spec, Findings<Spec> findings) {
        WINDOWS.run(spec, findings);
        findings.wantsKeyArn(Spec::kmsKeyId, spec.kmsKeyId());
        if (!CacheSecrets.isName(spec.authToken())) {
            findings.wrong(
                    Spec::authToken, "expected the name of a secret as token, found another text", CacheSecrets.HINT);
        }
        boolean failover = Boolean.TRUE.equals(spec.automaticFailoverEnabled());
        boolean clustered = spec.clusterMode() != null && spec.clusterMode() != ClusterMode.DISABLED;
        if (failover && !clustered && Integer.valueOf(1).equals(spec.numCacheClusters())) {
            findings.wrong(
                    Spec::numCacheClusters,
                    "with automaticFailoverEnabled, expected at least 2 nodes, found 1",
                    "set numCacheClusters to 2 or more, or automaticFailoverEnabled to false");
        }
        if (Boolean.TRUE.equals(spec.multiAZEnabled()) && Boolean.FALSE.equals(spec.automaticFailoverEnabled())) {
            findings.wrong(
                    Spec::multiAZEnabled,
                    "multiAZEnabled needs automaticFailoverEnabled",
                    "set automaticFailoverEnabled to true");
        }
        if (spec.numNodeGroups() != null && spec.numNodeGroups() > 1 && !failover) {
            findings.wrong(
                    Spec::automaticFailoverEnabled,
                    "several shards need automaticFailoverEnabled",
                    "set automaticFailoverEnabled to true, or numNodeGroups to 1");
        }
        boolean users = ReplicationGroupCalls.has(spec.userGroupIds());
        if (users && spec.transitEncryptionMode() == TransitEncryptionMode.PREFERRED) {
            findings.wrong(
                    Spec::transitEncryptionMode,
                    "user groups need the transitEncryptionMode required, found preferred",
                    "set transitEncryptionMode to required, or remove userGroupIds");
        }
        if (Boolean.FALSE.equals(spec.transitEncryptionEnabled())
                && (spec.authToken() != null || spec.transitEncryptionMode() != null || users)) {
            findings.wrong(
                    Spec::transitEncryptionEnabled,
                    "a token, user groups and a transitEncryptionMode need transitEncryptionEnabled",
                    "set transitEncryptionEnabled to true");
        }
    }
}
