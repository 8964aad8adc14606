package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.twin.elasticache.TwinElastiCache;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.ServerlessCache;

/** A serverless cache is changed by one member at a time, needs an approval for another engine, and is never lost. */
class ServerlessCacheTest {
    private static String cache(String more) {
        return Docs.of(
                Docs.VPC_IN_TWO_ZONES,
                Docs.document("SecurityGroup", "redis", "'vpcId':'${Vpc/main}','description':'cache'"),
                Docs.document("ServerlessCache", "main", """
                        'subnetIds':['${Subnet/a}','${Subnet/b}'],'securityGroupIds':['${SecurityGroup/redis}'],%s""".formatted(more)));
    }

    static final String REDIS = cache("'description':'one','engine':'redis','majorEngineVersion':'7'");

    private static ServerlessCache serverless(World world) {
        return world.somebody(ElastiCacheClient.class)
                .describeServerlessCaches(r -> {})
                .serverlessCaches()
                .getFirst();
    }

    private static long count(World world, String operation) {
        return world.calls("elasticache:" + operation);
    }

    @Test
    void eachChangedMemberIsARequestOfItsOwnAndNoneIsRefused() {
        try (World world = new World()) {
            world.desire(REDIS).converged();
            assertThat(count(world, "ModifyServerlessCache")).isZero();

            world.desire(cache(
                            "'description':'two','engine':'redis','majorEngineVersion':'7','snapshotRetentionLimit':3,"
                                    + "'dailySnapshotTime':'04:00','cacheUsageLimits':{'dataStorage':{'maximum':10}}"))
                    .converged();

            assertThat(count(world, "ModifyServerlessCache")).isEqualTo(4);
            assertThat(serverless(world).snapshotRetentionLimit()).isEqualTo(3);
            assertThat(serverless(world).cacheUsageLimits().dataStorage().maximum())
                    .isEqualTo(10);
            assertThat(world.resource("ServerlessCache/main").outputs())
                    .containsEntry("port", 6379)
                    .containsEntry("readerPort", 6380);
        }
    }

    /** AWS refuses an older major version. */
    @Test
    void aNewerMajorVersionStays() {
        try (World world = new World()) {
            String seven = cache("'description':'one','engine':'valkey','majorEngineVersion':'7'");
            world.desire(seven).converged();
            world.somebody(ElastiCacheClient.class)
                    .modifyServerlessCache(
                            r -> r.serverlessCacheName(serverless(world).serverlessCacheName())
                                    .majorEngineVersion("8"));

            world.run(Duration.ofHours(1));

            assertThat(world.status("ServerlessCache/main")).isEqualTo(Status.Synced);
            assertThat(world.resource("ServerlessCache/main").reason()).isEqualTo(Reason.NewerVersion);
            assertThat(count(world, "ModifyServerlessCache")).isZero();
        }
    }

    @Test
    void redisBecomesValkeyInPlaceByAnApproval() {
        try (World world = new World()) {
            world.desire(REDIS).converged();
            String arn = serverless(world).arn();

            world.desire(cache("'description':'one','engine':'valkey','majorEngineVersion':'8'"))
                    .run(Duration.ofMinutes(20));
            assertThat(world.status("ServerlessCache/main")).isEqualTo(Status.AwaitingApproval);
            assertThat(serverless(world).engine()).isEqualTo("redis");
            world.approveHeld();
            world.run(Duration.ofMinutes(20));
            world.converged();

            assertThat(serverless(world).engine()).isEqualTo("valkey");
            assertThat(serverless(world).arn()).isEqualTo(arn);
            assertThat(count(world, "ModifyServerlessCache")).isEqualTo(1);
        }
    }

    @Test
    void oneThatVanishedIsNotMadeAnewAndOneThatMayGoLeavesASnapshot() {
        try (World world = new World()) {
            String going = REDIS.replace(
                    "'kind':'ServerlessCache',", "'kind':'ServerlessCache','lifecycle':{'onDelete':'Delete'},");
            world.desire(going, Docs.UNLIMITED).converged();
            String name = serverless(world).serverlessCacheName();

            world.desire(Docs.of(Docs.vpc("")), Docs.UNLIMITED).run(Duration.ofMinutes(40));

            assertThat(world.account()
                            .service(World.REGION, TwinElastiCache.class)
                            .serverlessSnapshots())
                    .singleElement()
                    .asString()
                    .startsWith(name + "-final-");
        }
        try (World world = new World()) {
            world.desire(REDIS).converged();
            String name = serverless(world).serverlessCacheName();
            world.somebody(ElastiCacheClient.class).deleteServerlessCache(r -> r.serverlessCacheName(name));

            world.run(Duration.ofHours(1));

            assertThat(world.resource("ServerlessCache/main").reason()).hasToString("LostStateful");
            assertThat(count(world, "CreateServerlessCache")).isEqualTo(1);
        }
    }
}
