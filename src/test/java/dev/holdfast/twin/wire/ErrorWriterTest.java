package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.store.TwinErrors;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorWriterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EC2 | false | <Response><Errors><Error><Code>Bad</Code><Message>so &amp; so</Message></Error></Errors>"
                        + "<RequestID>1</RequestID></Response>",
                "QUERY | false | <ErrorResponse><Error><Type>Sender</Type><Code>Bad</Code><Message>so &amp;"
                        + " so</Message></Error><RequestId>1</RequestId></ErrorResponse>",
                "REST_XML | true | <Error><Code>Bad</Code><Message>so &amp;"
                        + " so</Message><RequestId>1</RequestId></Error>",
                "JSON | false | {\"__type\":\"Bad\",\"message\":\"so & so\"}",
                "REST_JSON | false | {\"message\":\"so & so\"}"
            })
    void everyProtocolHasItsDialect(WireProtocol protocol, boolean s3, String body) {
        // Given
        Route route = new Route.Nowhere("x:Y", protocol, s3, TwinErrors.error(409, "Bad", "so & so"));

        // When
        WireResponse reply = ErrorWriter.write(route, ((Route.Nowhere) route).why(), "1");

        // Then
        assertThat(reply.status()).isEqualTo(409);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).endsWith(body);
    }
}
