package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CborTest {
    @Test
    void readsWhatItWrites() throws WireException {
        // Given
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("text", "é");
        tree.put("numbers", List.of(0L, 23L, 24L, 255L, 256L, 65_536L, 5_000_000_000L, -1L, -500L, 1.5));
        tree.put("flags", List.of(true, false));
        tree.put("at", Instant.parse("2026-01-02T03:04:05.678Z"));
        tree.put("inner", Map.of("k", "v"));
        tree.put("nothing", null);

        // When
        Map<?, ?> read = CborReader.object(CborWriter.bytes(tree));

        // Then
        assertThat(read).isEqualTo(tree);
    }

    @Test
    void readsOpenLengths() throws WireException {
        // {"a": [1, 2], "b": "xy"} with indefinite lengths, in the notation of RFC 8949
        assertThat(CborReader.object(hex("bf61619f0102ff61627f61786179ffff")))
                .isEqualTo(Map.of("a", List.of(1L, 2L), "b", "xy"));
    }

    @Test
    void readsHalvesAndFloats() throws WireException {
        assertThat(CborReader.object(hex("a26161f93e006162fa3fc00000"))).isEqualTo(Map.of("a", 1.5, "b", 1.5));
    }

    @Test
    void refusesWhatIsNoMapOrTooShort() {
        assertThatThrownBy(() -> CborReader.object(hex("01"))).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> CborReader.object(hex("a26161"))).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> CborReader.object(hex("a1616178ff61"))).isInstanceOf(WireException.class);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
