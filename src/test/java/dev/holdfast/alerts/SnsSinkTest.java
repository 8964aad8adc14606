package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.model.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sns.model.SnsException;

class SnsSinkTest {
    private static final String TOPIC = "arn:aws:sns:eu-west-2:123456789012:alerts";

    private static final class Sns implements SnsClient {
        final List<PublishRequest> published = new ArrayList<>();

        @Nullable
        SnsException failure;

        @Override
        public PublishResponse publish(PublishRequest request) {
            if (failure != null) {
                throw failure;
            }
            published.add(request);
            return PublishResponse.builder().messageId("1").build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private final Sns sns = new Sns();
    private final SnsSink sink = new SnsSink(sns, TOPIC, "skinclub");

    static Alert alert(String resource, String message) {
        return new Alert(
                "prod",
                ResourceId.parse(resource),
                "RolloutFailed",
                Alert.AlertSeverity.Critical,
                Alert.AlertPhase.Began,
                message,
                Views.START,
                Views.START,
                List.of());
    }

    @Test
    void mailIsTextOthersGetJsonAndFiltersGetAttributes() throws Exception {
        sink.send(alert("EcsService/api", "tasks \"failed\"\nto start"));

        PublishRequest request = sns.published.getFirst();
        assertThat(request.topicArn()).isEqualTo(TOPIC);
        assertThat(request.subject()).isEqualTo("Critical: prod EcsService/api RolloutFailed");
        assertThat(request.messageStructure()).isEqualTo("json");
        ObjectMapper mapper = new ObjectMapper();
        JsonNode message = mapper.readTree(request.message());
        assertThat(message.path("email").asText())
                .startsWith("Critical: prod EcsService/api RolloutFailed\n\ntasks \"failed\"\nto start\n\n")
                .contains("Installation: skinclub", "Since: 2026-01-01T00:00:00Z");
        JsonNode json = mapper.readTree(message.path("default").asText());
        assertThat(json.path("message").asText()).isEqualTo("tasks \"failed\"\nto start");
        assertThat(json.path("phase").asText()).isEqualTo("Began");
        assertThat(request.messageAttributes())
                .containsOnlyKeys("installation", "stack", "resource", "reason", "severity", "phase")
                .allSatisfy((name, value) ->
                        assertThat(value.dataType()).isEqualTo(name.equals("resource") ? "String.Array" : "String"));
        assertThat(request.messageAttributes().get("severity").stringValue()).isEqualTo("Critical");
        assertThat(request.messageAttributes().get("resource").stringValue()).isEqualTo("[\"EcsService/api\"]");
    }

    @Test
    void whatIsToldOfTheStackHasNoResource() throws Exception {
        sink.send(new Alert(
                "prod",
                null,
                "Unmanaged",
                Alert.AlertSeverity.Critical,
                Alert.AlertPhase.Began,
                "x",
                Views.START,
                Views.START,
                List.of()));

        assertThat(sns.published.getFirst().messageAttributes())
                .containsOnlyKeys("installation", "stack", "reason", "severity", "phase");
    }

    @Test
    void whatIsToldOfManyNamesThemAllToFiltersAndFitsIntoWhatSnsTakes() throws Exception {
        List<Alert> many = IntStream.range(0, AlertBatcher.MOST + 1)
                .mapToObj(i -> alert("EcsService/" + "n".repeat(200) + i, "\u20ac".repeat(3000)))
                .toList();

        for (Alert alert : AlertBatcher.of(many)) {
            sink.send(alert);
        }

        List<String> named = new ArrayList<>();
        for (PublishRequest request : sns.published) {
            MessageAttributeValue resources = request.messageAttributes().get("resource");
            assertThat(resources.dataType()).isEqualTo("String.Array");
            named.addAll(List.of(new ObjectMapper().readValue(resources.stringValue(), String[].class)));
            assertThat(bytes(request.message()) + bytes(resources.stringValue()))
                    .isLessThan(262_144 - 1000);
        }
        assertThat(named)
                .isEqualTo(many.stream().map(a -> String.valueOf(a.resource())).toList());
        assertThat(sns.published)
                .extracting(PublishRequest::subject)
                .containsExactly(
                        "Critical: prod 500 resources RolloutFailed",
                        SnsSink.subject(many.getLast().title()));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void aSubjectIsAsciiOnOneLineAndShortEnough() {
        String subject = SnsSink.subject("Über\nlang " + "x".repeat(200));

        assertThat(subject)
                .hasSize(99)
                .startsWith("?ber?lang x")
                .endsWith("...")
                .matches("[\\x20-\\x7e]+");
    }

    @Test
    void aMessageIsCutWellBelowWhatSnsTakes() throws Exception {
        sink.send(alert("EcsService/api", "\u20ac".repeat(300_000)));

        assertThat(bytes(sns.published.getFirst().message())).isLessThan(262_144);
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidParameter, false",
        "404, NotFound, true",
        "403, AuthorizationError, true",
        "400, Throttled, true",
        "500, InternalError, true"
    })
    void onlyWhatWouldBeRefusedAgainIsNotTriedAgain(int status, String code, boolean again) {
        sns.failure = (SnsException) SnsException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("no")
                        .build())
                .build();

        NotDeliveredException e =
                catchThrowableOfType(NotDeliveredException.class, () -> sink.send(alert("EcsService/api", "x")));

        assertThat(e.retryable()).isEqualTo(again);
        assertThat(e.reason()).contains(code);
    }
}
