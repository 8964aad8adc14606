package dev.holdfast.engine;

import static dev.holdfast.engine.Caches.PAIR;
import static dev.holdfast.engine.Caches.count;
import static dev.holdfast.engine.Caches.redis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.WorldAlerts;
import dev.holdfast.model.Status;
import dev.holdfast.twin.elasticache.TwinElastiCache;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;

/**
 * A cache whose creation failed is shown as that, is left alone, and comes again when it was deleted and a person
 * allows it. Only a person deletes it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html">create-failed</a>
 */
class CacheCreationTest {
    enum Cache {
        ReplicationGroup(redis(PAIR)) {
            @Override
            Stream<String> statuses(ElastiCacheClient cache) {
                return cache.describeReplicationGroups(r -> {}).replicationGroups().stream()
                        .map(group -> group.replicationGroupId() + " " + group.status());
            }

            @Override
            void delete(ElastiCacheClient cache, String name) {
                cache.deleteReplicationGroup(r -> r.replicationGroupId(name));
            }
        },
        ServerlessCache(ServerlessCacheTest.REDIS) {
            @Override
            Stream<String> statuses(ElastiCacheClient cache) {
                return cache.describeServerlessCaches(r -> {}).serverlessCaches().stream()
                        .map(one -> one.serverlessCacheName() + " " + one.status());
            }

            @Override
            void delete(ElastiCacheClient cache, String name) {
                cache.deleteServerlessCache(r -> r.serverlessCacheName(name));
            }
        };

        private final String documents;

        Cache(String documents) {
            this.documents = documents;
        }

        /** The name and the status of each cache of the kind. */
        abstract Stream<String> statuses(ElastiCacheClient cache);

        abstract void delete(ElastiCacheClient cache, String name);

        String id() {
            return name() + "/main";
        }

        String status(World world) {
            return statuses(world.somebody(ElastiCacheClient.class)).findFirst().orElse("none");
        }

        /** Begins the creation, and lets it fail. */
        String fail(World world, String desired) {
            world.desire(desired, Docs.UNLIMITED)
                    .runUntil(() -> status(world).endsWith(" creating"), Duration.ofHours(1));
            String name = status(world).split(" ", 2)[0];
            world.account().service(World.REGION, TwinElastiCache.class).failCreation(name);
            world.run(Duration.ofMinutes(40));
            assertThat(status(world)).isEqualTo(name + " create-failed");
            return name;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailedCreationIsShownAndNothingIsSent(Cache kind) {
        try (World world = new World()) {
            kind.fail(world, kind.documents);
            world.twin.log().reset();
            WorldAlerts alerts = new WorldAlerts(world);
            world.afterPass = alerts::pass;

            world.run(Duration.ofHours(1));

            assertThat(alerts.sent()).singleElement().satisfies(alert -> {
                assertThat(alert.reason()).isEqualTo("NotReady");
                assertThat(alert.resource()).hasToString(kind.id());
                assertThat(alert.message()).contains("create-failed", "delete the resource");
            });

            assertThat(world.twin.log().writes()).isEmpty();
            assertThat(world.resource(kind.id()).conditions())
                    .as(world.describe())
                    .anySatisfy(condition -> {
                        assertThat(condition.reason()).isEqualTo("create-failed");
                        assertThat(condition.message()).contains("the creation failed", "approve");
                    });
            assertThat(world.view().converged()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailedCacheThatSomebodyDeletedComesAgainAfterAnApproval(Cache kind) {
        try (World world = new World()) {
            String name = kind.fail(world, kind.documents);
            kind.delete(world.somebody(ElastiCacheClient.class), name);
            world.run(Duration.ofHours(1));
            assertThat(count(world, "Create" + kind.name())).isEqualTo(1);

            world.approve(world.step(kind.id()).hash());
            world.converged();

            assertThat(world.status(kind.id())).isEqualTo(Status.Synced);
            assertThat(count(world, "Create" + kind.name())).isEqualTo(2);
        }
    }

    /** ElastiCache shows the tags only of caches that are available, so nothing proves whose cache it is. */
    @ParameterizedTest
    @EnumSource
    void aFailedCacheThatMayGoIsLeftToAPerson(Cache kind) {
        try (World world = new World()) {
            String going = kind.documents.replace(
                    "'kind':'" + kind + "',", "'kind':'" + kind + "','lifecycle':{'onDelete':'Delete'},");
            assertThat(going).isNotEqualTo(kind.documents);
            String name = kind.fail(world, going);

            world.desire(Docs.of(Docs.vpc("")), Docs.UNLIMITED).run(Duration.ofMinutes(20));
            assertThat(world.resource(kind.id()).message()).contains("create-failed");
            assertThat(count(world, "Delete" + kind)).isZero();
            kind.delete(world.somebody(ElastiCacheClient.class), name);
            world.run(Duration.ofMinutes(40));

            assertThat(world.owned()).containsOnlyKeys("Vpc/main");
        }
    }
}
