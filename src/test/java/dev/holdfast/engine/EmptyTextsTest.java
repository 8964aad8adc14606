package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A document sets each text that may be empty ({@link EmptyIsNone}) to the empty text: the value is removed in AWS, the
 * resource is Synced, and no write follows. AWS omits such a member from its answers, or answers the empty text.
 */
class EmptyTextsTest {
    /** Cases whose spec has other fields that are valid only with the text. */
    private static final Set<String> OTHERS_NEED_IT = Set.of(
            "CompositeAlarm/actionsSuppressor",
            "EcsCluster/configuration/executeCommandConfiguration/logConfiguration/s3BucketName",
            "RecordSet/setIdentifier",
            "TaskDefinition/executionRoleArn");

    static Stream<Kind<?>> kinds() {
        return TestKinds.all().all().values().stream()
                .filter(kind -> !fixture(kind).cases.isEmpty());
    }

    /** The cases of the kind's texts that may be empty. */
    private static FieldFixture fixture(Kind<?> kind) {
        FieldFixture fixture = FieldFixture.of(kind);
        fixture.cases.removeIf(one -> {
            Field field = one.chain().getLast();
            return field.raw() != String.class
                    || !field.has(EmptyIsNone.class)
                    || field.has(Offers.class)
                    || one.neverCompared()
                    || OTHERS_NEED_IT.contains(kind.info().name() + one.field());
        });
        return fixture;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEmptyTextIsNone(Kind<?> kind) {
        try (FieldProof proof = new FieldProof(fixture(kind))) {
            // When
            FieldProof.Result result = proof.emptied();

            // Then
            assertThat(result.byCase()).isEmpty();
            assertThat(result.ofAll()).isEmpty();
        }
    }

    /** Secrets Manager does not show its own key, also if the document names it. */
    @Test
    void theServicesOwnKeyIsNone() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.document(
                            "Secret", "main", "'kmsKeyId':'alias/aws/secretsmanager','generateSecretString':{}")))
                    .converged();
            long writes = world.writeCount();

            world.run(Duration.ofMinutes(20));

            assertThat(world.status("Secret/main")).isEqualTo(Status.Synced);
            assertThat(world.writeCount()).isEqualTo(writes);
        }
    }
}
