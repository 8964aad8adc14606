package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.DeniedS3;
import dev.holdfast.engine.MemoryStore;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Guardrails.GuardrailsState.ActiveGuardrails;
import dev.holdfast.model.Guardrails.GuardrailsState.UnreadableGuardrails;
import dev.holdfast.model.Revision;
import dev.holdfast.store.DirectoryObjectStore;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardrailsFileTest {
    private static final String GOOD = """
        {'apiVersion':'holdfast.dev/v1','kind':'Guardrails','spec':{
          'allow':{'stacks':['test'],'accounts':['123456789012'],'regions':['eu-west-2'],'roles':['arn:aws:iam::123456789012:role/prod']},
          'limits':{'maxDeletes':2},'permissionsBoundary':'arn:aws:iam::123456789012:policy/bound',
          'managedPolicies':['arn:aws:iam::aws:policy/service-role/*'],
          'requireApproval':['IamWidened','DataDeleted']}}""";

    private final MemoryStore store = new MemoryStore();
    private final GuardrailsFile file = new GuardrailsFile(store, "guardrails.json", TestKinds.all());

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private GuardrailsState after(String text) {
        store.put("guardrails.json", bytes(text));
        file.refresh();
        return file.get();
    }

    /** A revision is refused with this text: another text at each read would look like another refusal. */
    @Test
    void aFailureThatLastsKeepsItsText() {
        List<String> requests = new ArrayList<>();
        MemoryStore denied = new MemoryStore() {
            @Override
            public @Nullable Stored get(String key) {
                requests.add("REQUEST" + requests.size());
                throw DeniedS3.call(requests.getLast());
            }
        };
        GuardrailsFile unread = new GuardrailsFile(denied, "guardrails.json", TestKinds.all());

        unread.refresh();
        GuardrailsState first = unread.get();
        unread.refresh();

        assertThat(requests).hasSize(2);
        assertThat(first.words()).contains("AccessDenied: Access Denied");
        assertThat(unread.get()).isEqualTo(first);
    }

    @Test
    void whatWasNeverReadIsNotTakenForNoGuardrails() {
        assertThat(file.get()).isInstanceOf(UnreadableGuardrails.class);
        file.refresh();
        assertThat(file.get().words()).contains("cannot be read, and nothing is written: there is no such file");
        assertThat(file.found()).isFalse();
        assertThat(after("{")).isInstanceOf(UnreadableGuardrails.class);
        assertThat(file.found()).isTrue();
        assertThat(after(GOOD)).isInstanceOf(ActiveGuardrails.class);
    }

    @Test
    void whatWasGoodStaysInForceWhileTheFileIsBrokenMissingOrUnreadable() {
        Guardrails good = ((ActiveGuardrails) after(GOOD)).guardrails();

        assertOutdated(after("{"), good, "guardrails.json:1:");
        assertThat(((ActiveGuardrails) after(GOOD)).outdated()).isNull();
        store.delete("guardrails.json");
        file.refresh();
        assertOutdated(file.get(), good, "there is no such file");
        file.refresh();
        assertOutdated(file.get(), good, "there is no such file");
        assertThat(after(GOOD).words()).isEqualTo("guardrails of " + store.location("guardrails.json"));
    }

    private static void assertOutdated(GuardrailsState state, Guardrails good, String why) {
        assertThat(state).isInstanceOfSatisfying(ActiveGuardrails.class, active -> {
            // A broken file and the good file after it do not change the guardrails that are in force.
            assertThat(active.guardrails().requireApproval()).isEqualTo(good.requireApproval());
            assertThat(active.guardrails().allow()).isEqualTo(good.allow());
            assertThat(active.outdated()).contains(why);
            assertThat(active.words()).contains("as they were read last", why);
        });
    }

    @Test
    void aReadThatDoesNotComeBackHoldsUpNobody() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        MemoryStore slow = new MemoryStore() {
            @Override
            public @Nullable Stored get(String key) {
                reading.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.get(key);
            }
        };
        slow.put("guardrails.json", bytes(GOOD));
        GuardrailsFile there = new GuardrailsFile(slow, "guardrails.json", TestKinds.all());
        Thread reader = Thread.ofVirtual().start(there::refresh);
        reading.await();

        assertThat(there.get()).isInstanceOf(UnreadableGuardrails.class);

        answer.countDown();
        reader.join();
        assertThat(there.get()).isInstanceOf(ActiveGuardrails.class);
    }

    @Test
    void oneThatIsTooLargeToLoadChangesNothingEither(@TempDir Path folder) throws IOException {
        Path large = folder.resolve("guardrails.json");
        Files.writeString(large, GOOD.replace('\'', '"'));
        GuardrailsFile there = new GuardrailsFile(new DirectoryObjectStore(folder), "guardrails.json", TestKinds.all());
        there.refresh();
        assertThat(there.get()).isInstanceOf(ActiveGuardrails.class);

        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(ObjectStore.LARGEST + 1L);
        }
        there.refresh();

        assertThat(there.get().words()).contains("as they were read last", "has more than");
    }

    @Test
    void readsAllOfIt() {
        assertThat(after(GOOD)).isInstanceOfSatisfying(ActiveGuardrails.class, active -> {
            assertThat(active.guardrails().requireApproval())
                    .containsExactlyInAnyOrder(GuardedChange.IamWidened, GuardedChange.DataDeleted);
            assertThat(active.guardrails().ceilings())
                    .satisfies(c -> assertThat(c.maxDeletes()).isEqualTo(2));
        });
    }

    @Test
    void saysWhereAMistakeIs() {
        assertThat(after(GOOD.replace("'maxDeletes':2", "'maxDeletes':'two'")).words())
                .contains("guardrails.json:3:", "/spec/limits/maxDeletes", "whole number");
        assertThat(after(GOOD.replace("IamWidened", "IamWider")).words()).contains("guardrails.json:5:", "IamWidened");
        assertThat(after(GOOD.replace("'allow'", "'alow'")).words()).contains("guardrails.json:2:", "alow");
        assertThat(after(GOOD.replace("'Guardrails'", "'Stack'")).words()).contains("expected Guardrails, found Stack");
    }

    @Test
    void refusesWhatIsNotAllowed() {
        GuardrailsState guardrails = after(GOOD);
        String role =
                "[{'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'r'},'spec':{'managedPolicyArns':"
                        + "['arn:aws:iam::aws:policy/AdministratorAccess'],'assumeRolePolicyDocument':{}}}]";

        List<String> problems =
                GuardrailsCheck.check(guardrails, revision("other", "eu-west-1", role), TestKinds.all()).stream()
                        .map(Problem::toString)
                        .toList();

        assertThat(problems)
                .hasSize(5)
                .anyMatch(p -> p.contains("the stack other is not one of [test]"))
                .anyMatch(p -> p.contains("the region eu-west-1 is not one of [eu-west-2]"))
                .anyMatch(p -> p.contains("the role the operator's own is not one of"))
                .anyMatch(p -> p.contains("Role/r") && p.contains("expected the boundary"))
                .anyMatch(p -> p.contains("AdministratorAccess is not one of"));
        assertThat(GuardedSource.guarded(
                        new LoadResult.ValidRevision(revision("other", "eu-west-1", role)),
                        guardrails,
                        TestKinds.all()))
                .isInstanceOf(LoadResult.RefusedRevision.class);
    }

    @Test
    void theTemplatesAndTheDocsFilesAreGood() throws IOException {
        for (Path path : List.of(Path.of("deploy/guardrails.json"), Path.of("docs/examples/guardrails.json"))) {
            List<Problem> problems = new ArrayList<>();
            GuardrailsReader.read(path.toString(), Files.readAllBytes(path), TestKinds.all(), problems);
            assertThat(problems).isEmpty();
        }
    }

    private static Revision revision(String stack, String region, String documents) {
        String settings = "{'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'" + stack
                + "'},'spec':{'account':'123456789012','region':'" + region + "','include':['docs.json']}}";
        LoadResult loaded = new DesiredCompiler(TestKinds.all())
                .compile(Map.of("s/stack.json", bytes(settings), "s/docs.json", bytes(documents)))
                .get(stack);
        return ((LoadResult.ValidRevision) Objects.requireNonNull(loaded)).revision();
    }
}
