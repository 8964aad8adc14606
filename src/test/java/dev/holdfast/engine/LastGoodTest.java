package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.aws.Fork;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.PublishedSource;
import dev.holdfast.desired.Publisher;
import dev.holdfast.desired.RevisionCodec;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Status;
import dev.holdfast.state.StackState;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A refused or missing revision changes nothing, also for a process that never read a good one. */
class LastGoodTest {
    private static final String SECRET = """
        {'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'key'},'spec':{
          'name':'Dev/App/key','secretString':'c4n4ry-1n-th3-d0cum3nt5'}}
        """;
    private static final String BROKEN =
            "[{'apiVersion':'holdfast.dev/v1','kind':'Vcp','metadata':{'name':'main'},'spec':{}}]";

    @Test
    void aRefusedRevisionAfterARestartLeavesTheLastGoodOneEnforced() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            String good = world.view().revision();

            world.desire(BROKEN).restart();
            String vpc = onlyVpc(world);
            world.somebody(Ec2Client.class).deleteTags(r -> r.resources(vpc).tags(t -> t.key("Project")));
            world.run(Duration.ofMinutes(3));

            assertThat(world.view().status()).isEqualTo("Refused");
            assertThat(world.view().revision()).isEqualTo(good);
            assertThat(world.view().revisionErrors()).isNotEmpty();
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Synced);
            assertThat(world.owned().get("Vpc/main").getFirst().tags()).containsEntry("Project", "Test");
        }
    }

    @Test
    void theStatusSaysWhatIsRefusedAndWhatStaysEnforced() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            String good = String.valueOf(world.view().revision());

            world.desire(BROKEN).restart().pass();

            assertThat(world.view().conditions()).singleElement().satisfies(c -> {
                assertThat(c.reason()).isEqualTo("RevisionRefused");
                assertThat(c.message()).contains("test/docs.json:1:", "Vcp", good + " stays enforced");
            });
            world.desire(Docs.of(Docs.vpc(""))).pass();
            assertThat(world.view().conditions()).isEmpty();
        }
    }

    @Test
    void aStackThatVanishedIsUnmanagedAlsoAfterARestart() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            String vpc = onlyVpc(world);
            world.file("test/stack.json", null).restart();
            world.somebody(Ec2Client.class).deleteTags(r -> r.resources(vpc).tags(t -> t.key("Project")));
            long before = world.twin.log().writes().size();

            world.run(Duration.ofMinutes(5));

            assertThat(world.view().status()).isEqualTo("Unmanaged");
            assertThat(world.view().conditions()).anyMatch(c -> c.reason().equals("Unmanaged"));
            assertThat(world.twin.log().writes()).hasSize((int) before);

            world.desire(Docs.of(Docs.vpc(""))).pass();
            // One answer without a tag is no proof that the tag was removed: a second answer decides.
            world.run(Duration.ofSeconds(10));

            assertThat(world.view().status()).isEqualTo("Synced");
            assertThat(onlyVpc(world)).isEqualTo(vpc);
        }
    }

    @Test
    void aStackThatNobodyDeclaresAnyMoreIsStillShownAsUnmanagedByTheNextProcess() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            world.file("test/stack.json", null).file("test/docs.json", null);

            try (Engine engine = world.engine()) {
                await().until(() -> {
                    engine.tick();
                    StackReconciler stack = engine.stacks().get("test");
                    return stack != null && stack.view().status().equals("Unmanaged");
                });
            }

            assertThat(world.owned()).containsOnlyKeys("Vpc/main");
        }
    }

    @Test
    void whereNothingWasEverGoodNothingIsEnforced() {
        try (World world = new World()) {
            world.desire(BROKEN);

            PassReport report = world.pass();

            assertThat(report.writes()).isZero();
            assertThat(world.view().status()).isEqualTo("Refused");
            assertThat(world.view().revision()).isNull();
            assertThat(world.events.getLast().message()).contains("no revision was ever enforced");
        }
    }

    @Test
    void aRevisionIsKeptOnceAndARestartWritesNothing() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            world.pass();
            long writes = world.store.writes();

            world.restart().pass();

            assertThat(world.store.list("stacks/test/revision.json")).hasSize(1);
            assertThat(world.store.writes()).isEqualTo(writes);
        }
    }

    @Test
    void whoTakesAStackOverGoesOnWithWhatTheOtherOneTookUp() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            StackReconciler slept = world.reconciler();
            world.restart().desire("[" + Docs.vpc("").replace("'spec':{", "'spec':{'enableDnsHostnames':true,") + "]");
            world.converged();
            String taken = world.view().revision();

            world.desire(BROKEN);
            slept.startOver();
            slept.run();

            assertThat(slept.view().revision()).isEqualTo(taken);
            assertThat(slept.view()
                            .resources()
                            .get(ResourceId.parse("Vpc/main"))
                            .status())
                    .isEqualTo(Status.Synced);
        }
    }

    @Test
    void aRevisionThatHoldsASecretIsNotKeptAndThatIsSaid() {
        try (World world = new World()) {
            world.desire("[" + SECRET + "]").converged();
            String value = world.somebody(SecretsManagerClient.class)
                    .getSecretValue(r -> r.secretId("Dev/App/key"))
                    .secretString();
            assertThat(value).isEqualTo("c4n4ry-1n-th3-d0cum3nt5");

            world.desire(BROKEN).restart().pass();

            assertThat(world.store.text()).doesNotContain(value);
            assertThat(world.view().revision()).isNull();
            assertThat(world.events.getLast().message()).contains("keeps no earlier revisions");
            assertThat(world.view().conditions())
                    .singleElement()
                    .satisfies(c -> assertThat(c.message())
                            .contains("nothing is enforced", "contains secret values", "keeps no earlier revisions"));
        }
    }

    @Test
    void aRevisionThatHoldsASecretIsReadBackFromWhereItWasPublished() {
        MemoryStore published = new MemoryStore();
        PublishedSource source = new PublishedSource(published, TestKinds.all());
        Revision secret = compiled(SECRET);
        Publisher.publish(published, secret, "ann", "first", null, Clock.systemUTC());
        MemoryStore store = new MemoryStore();
        lastGood(source, store).keep(new LoadResult.ValidRevision(secret));

        LoadResult loaded = lastGood(source, store).read();

        assertThat(loaded).isEqualTo(new LoadResult.ValidRevision(secret));
        assertThat(store.text()).contains(secret.sha256()).doesNotContain("c4n4ry");
    }

    @Test
    void whatLostItsHeadIsStillKnownByItsText() {
        MemoryStore published = new MemoryStore();
        PublishedSource source = new PublishedSource(published, TestKinds.all());
        Revision revision = compiled(Docs.vpc(""));
        MemoryStore store = new MemoryStore();
        lastGood(source, store).keep(new LoadResult.ValidRevision(revision));

        assertThat(source.read("test")).isInstanceOf(LoadResult.NoDesiredState.class);
        assertThat(lastGood(source, store).read()).isEqualTo(new LoadResult.ValidRevision(revision));
    }

    /**
     * A principal that can write the bucket can restore an older head. A user who wants the older revision publishes it
     * again.
     */
    @Test
    void aHeadThatWentBackIsRefusedAlsoAfterARestart() {
        MemoryStore published = new MemoryStore();
        MemoryStore state = new MemoryStore();
        Revision first = compiled(Docs.vpc(""));
        Revision second = compiled(Docs.vpc("").replace("'spec':{", "'spec':{'enableDnsHostnames':true,"));
        Publisher.publish(published, first, "ann", "first", null, Clock.systemUTC());
        byte[] old =
                Objects.requireNonNull(published.get("stacks/test/HEAD.json")).content();
        Publisher.publish(published, second, "ann", "second", null, Clock.systemUTC());
        assertThat(tracked(published, state).revision()).isEqualTo(second);

        published.put("stacks/test/HEAD.json", old);

        RevisionTracker.RevisionState back = tracked(published, state);
        assertThat(back.revision()).isEqualTo(second);
        assertThat(back.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.message())
                        .contains("the head went back: it is commit 1, and commit 2 was enforced before"));
        published.delete("stacks/test/HEAD.json");
        Publisher.publish(published, first, "ann", "back to the first", null, Clock.systemUTC());
        assertThat(tracked(published, state).problems()).isEmpty();
    }

    private static RevisionTracker.RevisionState tracked(MemoryStore published, MemoryStore state) {
        PublishedSource source = new PublishedSource(published, TestKinds.all());
        RevisionTracker tracker = new RevisionTracker(
                "test",
                source,
                lastGood(source, state),
                new EventLog("test", Clock.systemUTC(), e -> {}),
                RevisionTracker.RevisionState.NONE);
        tracker.refresh();
        return tracker.state();
    }

    private static LastGoodRevision lastGood(PublishedSource source, MemoryStore store) {
        return new LastGoodRevision(
                "test",
                source,
                new RevisionCodec(TestKinds.all()),
                StackState.load(store, "test", new Fork(2)),
                new EventLog("test", Clock.systemUTC(), e -> {}));
    }

    private static Revision compiled(String document) {
        return CompiledStack.of(document.replace('\'', '"'));
    }

    private static String onlyVpc(World world) {
        return world.owned().get("Vpc/main").getFirst().id();
    }
}
