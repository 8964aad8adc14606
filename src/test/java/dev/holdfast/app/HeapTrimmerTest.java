package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapTrimmerTest {
    private static final long MB = 1L << 20;

    @ParameterizedTest
    @CsvSource({"39, 0, false", "41, 0, true", "87, 70, false", "89, 70, true", "30, 10, false"})
    void collectsWhenAQuarterHasBeenAdded(long used, long live, boolean due) {
        assertThat(HeapTrimmer.isDue(used * MB, live * MB)).isEqualTo(due);
    }
}
