package dev.holdfast.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kinds.iam.RoleKind;
import dev.holdfast.model.FieldChange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Observed statements that stay in a policy while a statement of the desired policy is not known. */
class OmittedElementsTest {
    private static final String KNOWN = "{'Effect':'Allow','Principal':{'Service':'a.com'},'Action':'s3:PutObject'}";
    private static final String WAITING = "{'Effect':'Allow','Principal':{'Service':'b.com'},'Action':['s3:GetObject'],"
            + "'Condition':{'StringEquals':{'aws:SourceArn':'%s'}}}";

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static JsonNode policy(String... statements) {
        return json("{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}");
    }

    private static JsonNode wanted(JsonNode observed, @Nullable JsonNode applied) {
        return new OmittedElements(List.of(json(WAITING.formatted(Unresolved.of("Topic/t.arn")))), null)
                .policy(policy(KNOWN), observed, applied);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'arn:aws:sns:eu-west-2:123456789012:t'    | s3:GetObject | true
            'arn:aws:sns:eu-west-2:123456789012:t'    | S3:getobject | true
            'arn:aws:sns:eu-west-2:123456789012:t'    | s3:*         | false
            '*'                                       | s3:GetObject | false
            'arn:aws:sns:*:123456789012:*'            | s3:GetObject | false
            """)
    void aStatementStaysIfItMayBeTheOneThatWaits(String arn, String action, boolean stays) {
        String observed = WAITING.formatted(arn).replace("s3:GetObject", action);

        assertThat(wanted(policy(observed), policy(KNOWN))).isEqualTo(stays ? policy(KNOWN, observed) : policy(KNOWN));
    }

    @Test
    void aStatementThatWasAppliedStays() {
        String former = KNOWN.replace("a.com", "former.com");

        assertThat(wanted(policy(former), policy(KNOWN, former))).isEqualTo(policy(KNOWN, former));
        assertThat(wanted(policy(former), policy(KNOWN))).isEqualTo(policy(KNOWN));
    }

    @Test
    void withoutARecordEveryStatementStays() {
        String theirs = KNOWN.replace("a.com", "theirs.com");

        assertThat(wanted(policy(theirs), null)).isEqualTo(policy(KNOWN, theirs));
    }

    private static ObjectNode role(String... resources) {
        return (ObjectNode)
                json("{'policies':[{'policyName':'own','policyDocument':{'Version':'2012-10-17','Statement':["
                        + "{'Effect':'Allow','Action':'sns:Publish','Resource':['" + String.join("','", resources)
                        + "']}]}}]}");
    }

    private static RoleKind.Spec spec(String resource) {
        return Specs.read(RoleKind.Spec.class, role(resource));
    }

    /** The paths of the drift in a role whose policy waits for a topic. */
    private static List<String> drift(String observed, @Nullable String granted) {
        DiffInput<RoleKind.Spec> input = new DiffInput<>(
                Specs.bind(RoleKind.Spec.class, role("first", Unresolved.of("Topic/t.arn"))),
                spec(observed),
                spec("first"),
                granted == null ? null : spec(granted),
                Set.of(),
                Map.of(),
                UnaryOperator.identity(),
                false,
                false);
        return Differ.diff(input).repairs().stream().map(FieldChange::path).toList();
    }

    @Test
    void accessStaysAsItWasAppliedOrAsAnUpdateHasWrittenItSince() {
        assertThat(drift("first", null)).isEmpty();
        assertThat(drift("second", null)).containsExactly("/policies/own/policyDocument");
        assertThat(drift("second", "second")).isEmpty();
        assertThat(drift("third", "second")).containsExactly("/policies/own/policyDocument");
        assertThat(drift("first", "second")).as("an update that did not arrive").isEmpty();
    }
}
