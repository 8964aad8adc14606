package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A location that names no file is refused with the form that is expected, by each command that takes one. */
class GuardrailsLocationTest {
    @ParameterizedTest
    @ValueSource(strings = {"s3://guardrails", "s3://guardrails/", "s3://", "etc/"})
    void namesNoFile(String location) {
        assertThatThrownBy(() -> GuardrailsLocation.check(location))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("s3://bucket/key or a path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://guardrails/guardrails.json", "s3://b/of/prod.json", "guardrails.json", "/etc/g.json"})
    void namesOne(String location) {
        GuardrailsLocation.check(location);
        assertThat(OperatorPolicy.guardrails(location)).hasSize(location.startsWith("s3:") ? 2 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://guardrails"})
    void thePolicyOfABucketAloneIsRefusedToo(String location) {
        assertThatThrownBy(() -> OperatorPolicy.guardrails(location)).isInstanceOf(CommandFailure.class);
    }
}
