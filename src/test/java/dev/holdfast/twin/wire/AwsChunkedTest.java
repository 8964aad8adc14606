package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AwsChunkedTest {
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    @Test
    void unpacksChunksAndTakesTrailersAsHeaders() throws WireException {
        // Given
        headers.put("Content-Encoding", List.of("aws-chunked,gzip"));

        // When
        String content =
                decode("4;chunk-signature=ab\r\nab\r\n\r\n3\r\ncde\r\n0\r\nx-amz-checksum-crc32: AAAA==\r\n\r\n");

        // Then
        assertThat(content).isEqualTo("ab\r\ncde");
        assertThat(headers)
                .containsEntry("content-encoding", List.of("gzip"))
                .containsEntry("content-length", List.of("7"))
                .containsEntry("x-amz-checksum-crc32", List.of("AAAA=="));
    }

    @Test
    void leavesOtherBodiesAlone() throws WireException {
        assertThat(decode("4\r\nabcd")).isEqualTo("4\r\nabcd");
    }

    @Test
    void refusesWhatIsCutShort() {
        headers.put("x-amz-content-sha256", List.of("STREAMING-UNSIGNED-PAYLOAD-TRAILER"));

        assertThatThrownBy(() -> decode("5\r\nabc")).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> decode("x\r\n")).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> decode("5")).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> decode("-5\r\nabc\r\n")).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> decode("7fffffff\r\nabc\r\n")).isInstanceOf(WireException.class);
    }

    private String decode(String body) throws WireException {
        return new String(AwsChunked.decode(body.getBytes(StandardCharsets.UTF_8), headers), StandardCharsets.UTF_8);
    }
}
