package dev.holdfast.engine;

import static dev.holdfast.engine.Caches.SINGLE;
import static dev.holdfast.engine.Caches.allowed;
import static dev.holdfast.engine.Caches.cache;
import static dev.holdfast.engine.Caches.count;
import static dev.holdfast.engine.Caches.group;
import static dev.holdfast.engine.Caches.redis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import dev.holdfast.twin.elasticache.TwinElastiCache;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.TransitEncryptionMode;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Clients with a token or a user's password keep their access while it is changed, and no output shows a secret. */
class CacheAccessTest {
    private static final String SECRET = Docs.document(
            "Secret",
            "token",
            "'name':'app/token','generateSecretString':{'passwordLength':32,'excludePunctuation':true}");
    private static final String TOKEN = "'authToken':'${Secret/token}:::${Secret/token.versionId}',";

    private static final String PLAIN = "'engine':'redis','engineVersion':'7.1','transitEncryptionEnabled':false,"
            + "'cacheParameterGroupName':'${CacheParameterGroup/redis}',";

    private static String secured(String more) {
        return redis(TOKEN + more + SINGLE, SECRET);
    }

    private static String token(World world) {
        return world.somebody(SecretsManagerClient.class)
                .getSecretValue(r -> r.secretId("app/token"))
                .secretString();
    }

    /** Whether the cache accepts clients with this token. */
    private static boolean lets(World world, String token) {
        return world.account()
                .service(World.REGION, TwinElastiCache.class)
                .lets(group(world).replicationGroupId(), token);
    }

    static final String USERS = String.join(
            ",",
            SECRET,
            Docs.document(
                    "CacheUser",
                    "nobody",
                    "'userName':'default','engine':'redis','accessString':'off -@all',"
                            + "'authenticationMode':{'type':'no-password-required'}"),
            Docs.document(
                    "CacheUser",
                    "app",
                    "'userName':'app','engine':'redis','accessString':'on ~* +@all','authenticationMode':"
                            + "{'type':'password','password':'${Secret/token}:::${Secret/token.versionId}'}"),
            Docs.document(
                    "CacheUserGroup", "app", "'engine':'redis','userIds':['${CacheUser/nobody}','${CacheUser/app}']"));

    private static final String GROUP = "'userGroupIds':['${CacheUserGroup/app}']," + SINGLE;

    @Test
    void aNewVersionOfTheSecretIsANewTokenBesideTheFormerOneAndStandsNowhere() {
        try (World world = new World()) {
            world.desire(secured("")).converged();
            String first = token(world);
            assertThat(lets(world, first)).isTrue();

            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId("app/token").secretString("other-token-0123456789"));
            world.run(Duration.ofMinutes(40));
            world.converged();

            assertThat(lets(world, first)).isTrue();
            assertThat(lets(world, "other-token-0123456789")).isTrue();
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
            assertThat(group(world).authTokenEnabled()).isTrue();
            assertThat(world.events + world.describe() + world.view() + world.store.text())
                    .doesNotContain("token-0123456789")
                    .doesNotContain(first);
        }
    }

    @Test
    void theFormerTokenEndsByAnApprovalOnlyAfterEachRotation() {
        try (World world = new World()) {
            world.desire(secured("'authTokenUpdateStrategy':'SET',")).converged();
            for (String next : List.of("second-token-0123456789", "third-token-0123456789")) {
                String former = token(world);
                world.somebody(SecretsManagerClient.class)
                        .putSecretValue(r -> r.secretId("app/token").secretString(next));
                world.run(Duration.ofMinutes(40));
                assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
                assertThat(lets(world, former)).isTrue();
                assertThat(lets(world, next)).isTrue();

                allowed(world);

                assertThat(lets(world, former)).isFalse();
                assertThat(lets(world, next)).isTrue();
            }
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(4);
        }
    }

    @Test
    void aNewTokenDoesNotHastenTheChangesOfTheWindow() {
        try (World world = new World()) {
            String waits = secured("'applyImmediately':false,");
            world.desire(waits).converged();
            String first = token(world);
            String medium = waits.replace("cache.t4g.small", "cache.t4g.medium");
            world.desire(medium).converged();
            TwinElastiCache twin = world.account().service(World.REGION, TwinElastiCache.class);

            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId("app/token").secretString("other-token-0123456789"));
            world.run(Duration.ofMinutes(40));
            assertThat(group(world).cacheNodeType()).isEqualTo("cache.t4g.small");
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);

            twin.openWindow(group(world).replicationGroupId());
            world.run(Duration.ofMinutes(40));
            world.converged();

            assertThat(lets(world, first)).isTrue();
            assertThat(lets(world, "other-token-0123456789")).isTrue();
        }
    }

    /** https://github.com/hashicorp/terraform-provider-aws/issues/42966 */
    @Test
    void usersAreAdmittedOnceTlsIsRequired() {
        try (World world = new World()) {
            world.desire(cache(PLAIN + SINGLE, USERS)).converged();

            world.desire(redis("'transitEncryptionMode':'required'," + GROUP, USERS))
                    .run(Duration.ofMinutes(30));
            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.PREFERRED);
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
            allowed(world);

            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.REQUIRED);
            assertThat(group(world).userGroupIds()).hasSize(1);
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(3);
        }
    }

    @Test
    void usersAreAdmittedOnceTlsIsRequiredAlthoughNoDocumentOwnsItsMode() {
        try (World world = new World()) {
            world.desire(cache(PLAIN + SINGLE, USERS)).converged();

            world.desire(redis(GROUP, USERS)).run(Duration.ofMinutes(30));
            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.PREFERRED);
            assertThat(world.status("ReplicationGroup/main")).isEqualTo(Status.AwaitingApproval);
            allowed(world);

            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.REQUIRED);
            assertThat(group(world).userGroupIds()).hasSize(1);
        }
    }

    @Test
    void aTokenIsAddedOnceTlsIsRequired() {
        try (World world = new World()) {
            world.desire(cache(PLAIN + SINGLE, SECRET)).converged();

            world.desire(secured("'transitEncryptionMode':'required',")).run(Duration.ofMinutes(30));
            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.PREFERRED);
            assertThat(group(world).authTokenEnabled()).isFalse();
            allowed(world);

            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.REQUIRED);
            assertThat(lets(world, token(world))).isTrue();
        }
    }

    /** The process is killed at each call from no TLS over users to a token, before or after the call takes effect. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKillAtAnyCallTowardsUsersAndATokenChangesNothing(boolean takesEffect) {
        try (World world = new World()) {
            world.desire(cache(PLAIN + SINGLE, USERS)).converged();

            world.desire(redis("'transitEncryptionMode':'required'," + GROUP, USERS));
            assertThat(killed(world, takesEffect, 5)).isEqualTo(3);
            assertThat(group(world).transitEncryptionMode()).isEqualTo(TransitEncryptionMode.REQUIRED);
            assertThat(group(world).userGroupIds()).hasSize(1);
            world.desire(redis("'transitEncryptionMode':'required'," + TOKEN + SINGLE, USERS));
            // The state does not know whether the cache has the token, so each process sends the token once more.
            assertThat(killed(world, takesEffect, 1)).isEqualTo(1);

            assertThat(group(world).userGroupIds()).isEmpty();
            assertThat(lets(world, token(world))).isTrue();
            assertThat(count(world, "CreateReplicationGroup")).isEqualTo(1);
            assertThat(world.twin.log().writes())
                    .filteredOn(write -> write.operation().startsWith("elasticache:"))
                    .noneMatch(write -> write.status() >= 400 && write.status() < 500);
        }
    }

    /**
     * Converges, with an approval where one is asked for; each process dies at a change of the cache.
     *
     * @return the number of kills, at most the given number
     */
    private static int killed(World world, boolean takesEffect, int most) {
        for (int kills = 0; kills < most; kills++) {
            String process = world.caller();
            // A process repeats the call that did not take effect, and dies at the next one.
            int write = takesEffect || kills == 0 ? 1 : 2;
            TwinFaultRule kill = TwinFaultRule.on(
                            "elasticache:ModifyReplicationGroup", new TwinFault.CutAtWrite(write, takesEffect))
                    .by(process);
            world.twin.faults().add(kill);
            // The view shows the former process or revision until the next pass.
            world.run(Duration.ofMinutes(2));
            world.runUntil(
                    () -> {
                        world.approveHeld();
                        return world.twin.faults().isCutOff(process)
                                || world.view().converged();
                    },
                    Duration.ofHours(2));
            if (!world.twin.faults().isCutOff(process)) {
                world.twin.faults().withdraw(kill);
                world.converged();
                return kills;
            }
            world.restart();
        }
        allowed(world);
        return most;
    }

    @Test
    void usersLeaveBeforeTlsIsSwitchedOff() {
        try (World world = new World()) {
            world.desire(redis("'transitEncryptionMode':'required'," + GROUP, USERS))
                    .converged();

            world.desire(cache(PLAIN + "'userGroupIds':[]," + SINGLE, USERS)).run(Duration.ofMinutes(10));
            allowed(world);

            assertThat(group(world).userGroupIds()).isEmpty();
            assertThat(group(world).transitEncryptionEnabled()).isFalse();
        }
    }

    @Test
    void usersTakeThePlaceOfATokenInOneCall() {
        try (World world = new World()) {
            world.desire(secured("")).converged();

            world.desire(redis(GROUP, USERS)).converged();

            assertThat(group(world).userGroupIds()).singleElement().asString().contains("app");
            assertThat(group(world).authTokenEnabled()).isFalse();
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    /** The call sets the only token: nothing has to be rotated or ended afterwards. */
    @ParameterizedTest
    @ValueSource(strings = {"", "'authTokenUpdateStrategy':'SET',"})
    void aTokenTakesThePlaceOfUsersInOneCall(String strategy) {
        try (World world = new World()) {
            world.desire(redis(GROUP, USERS)).converged();

            world.desire(redis(TOKEN + strategy + SINGLE, USERS)).converged();

            assertThat(group(world).userGroupIds()).isEmpty();
            assertThat(lets(world, token(world))).isTrue();
            assertThat(count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void aUserLeavesItsGroupBeforeItIsDeleted() {
        try (World world = new World()) {
            String users = redis(
                    GROUP,
                    USERS,
                    Docs.document(
                            "CacheUser",
                            "more",
                            "'userName':'more','engine':'redis','accessString':'on ~* +@read','authenticationMode':"
                                    + "{'type':'password','password':'${Secret/token}:::${Secret/token.versionId}'}"));
            world.desire(
                            users.replace("'${CacheUser/app}']", "'${CacheUser/app}','${CacheUser/more}']"),
                            Docs.UNLIMITED)
                    .converged();

            world.desire(redis(GROUP, USERS), Docs.UNLIMITED).converged();

            ElastiCacheClient cache = world.somebody(ElastiCacheClient.class);
            assertThat(cache.describeUserGroups(r -> {}).userGroups().getFirst().userIds())
                    .hasSize(2);
            assertThat(cache.describeUsers(r -> {}).users()).hasSize(3);
            assertThat(count(world, "DeleteUser")).isEqualTo(1);
        }
    }

    @Test
    void aPasswordOfAUserFollowsItsSecret() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), USERS)).converged();
            long before = count(world, "ModifyUser");

            world.somebody(SecretsManagerClient.class)
                    .putSecretValue(r -> r.secretId("app/token").secretString("other-token-0123456789"));
            world.run(Duration.ofMinutes(20));
            world.converged();

            assertThat(count(world, "ModifyUser") - before).isEqualTo(1);
            assertThat(world.events + world.describe() + world.view() + world.store.text())
                    .doesNotContain("token-0123456789");
        }
    }
}
