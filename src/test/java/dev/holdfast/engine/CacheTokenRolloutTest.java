package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.elasticache.TwinElastiCache;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * A new token reaches the cache first and its services after that; the former token is removed last, after an approval.
 */
class CacheTokenRolloutTest {
    static final String DOCUMENTS = Docs.of("""
            {'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
              'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b'],'tiers':['public','private','isolated']}},
            {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}},
            {'apiVersion':'holdfast.dev/v1','kind':'Cache','metadata':{'name':'main'},
              'spec':{'engineVersion':'7.1','cacheNodeType':'cache.t4g.small','auth':'token','alarms':false}},
            {'apiVersion':'holdfast.dev/v1','kind':'Service','metadata':{'name':'worker'},
              'spec':{'image':'public.ecr.aws/x/worker:1','scaling':false,'alarms':false,
                      'secrets':{'CACHE_TOKEN':{'cache':'main'}}}}
            """);

    private static final String NEXT = "second-token-0123456789";

    static GetSecretValueResponse secret(World world) {
        String name = world.resource("Secret/main-cache").outputs().get("name").toString();
        return world.somebody(SecretsManagerClient.class).getSecretValue(r -> r.secretId(name));
    }

    private static boolean lets(World world, String token) {
        return world.account()
                .service(World.REGION, TwinElastiCache.class)
                .lets(String.valueOf(world.resource("ReplicationGroup/main").physicalId()), token);
    }

    /** The time of the last write with this operation. */
    static Instant last(World world, String operation) {
        return world.twin.log().writes().stream()
                .filter(write -> write.operation().equals(operation))
                .reduce((former, later) -> later)
                .orElseThrow()
                .at();
    }

    @Test
    void theCacheTakesTheTokenUpBeforeTheServicesAndTheFormerOneEndsByAnApproval() {
        try (World world = new World()) {
            world.desire(DOCUMENTS).converged();
            String former = secret(world).secretString();
            assertThat(lets(world, former)).isTrue();

            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId(secret(world).arn()).secretString(NEXT));
            world.run(Duration.ofHours(1));

            assertThat(List.of(former, NEXT)).allMatch(token -> lets(world, token));
            assertThat(last(world, "ecs:RegisterTaskDefinition"))
                    .isAfter(last(world, "elasticache:ModifyReplicationGroup").plus(Duration.ofMinutes(5)));
            assertThat(world.status("EcsService/worker")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("TaskDefinition/worker").toString())
                    .contains(secret(world).versionId());

            world.approveHeld();
            world.run(Duration.ofMinutes(30));
            world.converged();

            assertThat(lets(world, former)).isFalse();
            assertThat(lets(world, NEXT)).isTrue();
            assertThat(world.events + world.describe() + world.view() + world.store.text())
                    .doesNotContain(NEXT)
                    .doesNotContain(former);
        }
    }
}
