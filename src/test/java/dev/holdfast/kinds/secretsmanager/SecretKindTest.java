package dev.holdfast.kinds.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.secretsmanager.SecretKind.Spec;
import dev.holdfast.model.Phase;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.secrets.TwinSecrets;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

class SecretKindTest {
    private static final String NAME = "Dev/SkinClubPro/api/db";
    private static final String WHOLE = """
        {'name': 'Dev/SkinClubPro/api/db', 'description': 'd', 'kmsKeyId': 'alias/k',
         'generateSecretString': {'secretStringTemplate': '{\\"username\\":\\"api\\"}', 'generateStringKey': 'password',
                                  'passwordLength': 20, 'excludePunctuation': true},
         'resourcePolicy': {'Version': '2012-10-17', 'Statement': []},
         'tags': {'Project': 'x'}}
        """;
    private final DrivenClock clock = new DrivenClock(Instant.parse("2025-01-01T00:00:00Z"));
    private final TwinSettings settings = new TwinSettings();
    private final InProcess clients = new InProcess(new TwinAccount("123456789012", clock, settings, 1), "eu-west-2");
    private final TwinSecrets secrets = clients.twin().service("eu-west-2", TwinSecrets.class);
    private final OneResource<Spec> secret = new OneResource<>(new SecretKind(), clients, "Secret/api-db", NAME);
    private final Spec spec = secret.desired(WHOLE);

    private void created() {
        secret.create(spec);
        secret.converge(spec);
    }

    private void listCatchesUp() {
        clock.advance(settings.delay(Delay.SECRET_LIST));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isAsDesiredBeforeAndAfterTheListShowsIt(int pageSize) {
        settings.pageSize(pageSize);
        secrets.createSecret(r -> r.name("other").tags(tag("holdfast:stack", "test/development")));
        secrets.createSecret(
                r -> r.name("more").tags(tag("holdfast:stack", "test/dev"), tag("holdfast:resource", "x/y")));
        created();

        assertThat(secret.diff(spec).changes()).isEmpty();
        listCatchesUp();
        assertThat(secret.diff(spec).changes()).isEmpty();
        assertThat(secret.known(spec).outputs())
                .containsEntry("name", NAME)
                .hasEntrySatisfying("arn", a -> assertThat(a.toString()).contains(":secret:" + NAME + "-"));
    }

    @Test
    void makesTheValueOnceAndPutsItIntoTheTemplate() {
        created();

        String value = secrets.getSecretValue(r -> r.secretId(NAME)).secretString();

        assertThat(value).matches("\\{\"username\":\"api\",\"password\":\"[A-Za-z0-9]{20}\"}");
        assertThat(secrets.inventory().toString()).doesNotContain(value).contains("sha256:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'description': 'other'}",
                "{'kmsKeyId': 'alias/other'}",
                "{'resourcePolicy': {}}",
                "{'resourcePolicy': {'Version': '2012-10-17', 'Statement': [{'Effect': 'Deny', 'Principal': '*',"
                        + " 'Action': '*', 'Resource': '*'}]}}",
                "{'tags': {'Project': 'y', 'New': 'z'}}"
            })
    void bringsAboutEachChange(String json) {
        created();
        listCatchesUp();
        Spec changed = secret.desired(json);

        secret.converge(changed);

        // The list still shows the state before the change.
        assertThat(secret.diff(changed).changes()).isEmpty();
        listCatchesUp();
        assertThat(secret.diff(changed).changes()).isEmpty();
    }

    @Test
    void seesWhatSomebodyElseChangedWhenTheListDoes() {
        created();
        secrets.updateSecret(r -> r.secretId(NAME).description("theirs"));

        listCatchesUp();

        assertThat(secret.diff(spec).changed()).containsExactly("description");
    }

    @Test
    void setsTheValueOnlyWhenItIsDesired() {
        Spec given = secret.desired("{'name': '" + NAME + "', 'secretString': 'hunter2'}");

        secret.create(given);

        assertThat(secrets.getSecretValue(r -> r.secretId(NAME)).secretString()).isEqualTo("hunter2");
        assertThat(secret.known(given).spec().secretString()).isNull();
        assertThat(given.toString()).doesNotContain("hunter2");
    }

    @Test
    void reportsTheStrangerThatHoldsTheName() {
        secrets.createSecret(r -> r.name(NAME).tags(tag("who", "else")));

        assertThat(secret.known(spec).identity().tags()).containsOnlyKeys("who");
    }

    @Test
    void isGoneOnceItIsScheduledForDeletionAndNotDesired() {
        created();
        listCatchesUp();
        String arn = secret.known(spec).identity().physicalId();

        secret.delete(spec);

        // The list does not show the deletion yet.
        assertThat(secret.observe(null, arn, false)).isEmpty();
        assertThat(secret.observe(null, arn, true)).isEmpty();
        listCatchesUp();
        assertThat(secret.observe(null, arn, false)).isEmpty();
        assertThat(secrets.exists(NAME)).isFalse();
    }

    @Test
    void isRestoredWithItsValueWhenItIsDesiredAgain() {
        created();
        String value = secrets.getSecretValue(r -> r.secretId(NAME)).secretString();
        String arn = secret.known(spec).identity().physicalId();
        secret.delete(spec);
        assertThat(secret.known(spec).phase()).isEqualTo(Phase.Restorable);

        String again = secret.create(spec);

        assertThat(again).isEqualTo(arn);
        assertThat(secret.known(spec).phase()).isEqualTo(Phase.Steady);
        assertThat(secrets.getSecretValue(r -> r.secretId(NAME)).secretString()).isEqualTo(value);
    }

    @Test
    void isMadeAnewWhenTheRecoveryWindowIsOver() {
        created();
        secret.delete(spec);

        clock.advance(Duration.ofDays(31));

        assertThat(secret.observe(spec, null, false)).isEmpty();
        secret.create(spec);
        assertThat(secret.known(spec).phase()).isEqualTo(Phase.Steady);
    }

    @Test
    void sweepsUpWhatIsOursAndNotWanted() {
        secrets.createSecret(
                r -> r.name("old").tags(tag("holdfast:stack", "test/dev"), tag("holdfast:resource", "Secret/old")));
        listCatchesUp();

        List<Observation<Spec>> found = secret.observe(spec, null, false);

        assertThat(found)
                .singleElement()
                .isInstanceOfSatisfying(
                        Known.class, k -> assertThat(k.identity().name()).isEqualTo("old"));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
