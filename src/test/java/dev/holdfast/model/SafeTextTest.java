package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.Hostile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 8, 0x1b, 0x7f, 0x85, 0x9b, 0x9d, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d,
                0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068,
                0x2069, 0x3164, 0xd800, 0xdfff, 0xfe0f, 0xfeff, 0xfffe, 0xffff, 0xe0041, 0xe0101, 0x10ffff
            })
    void whatNobodySeesIsWrittenOut(int character) {
        String text = "a" + (character < 0x10000 ? "" + (char) character : Character.toString(character)) + "b";

        assertThat(SafeText.lines(text)).matches("a(\\\\u[0-9a-f]{4}){1,2}b");
        assertThat(SafeText.line(text)).isEqualTo(SafeText.lines(text));
    }

    @Test
    void whatEverybodySeesStays() {
        String text = "tcp 22 from 0.0.0.0/0 → ± … “Grüße” 漢字 العربية \uD83D\uDE00 C:\\path #1 ::";

        assertThat(SafeText.line(text)).isSameAs(text);
    }

    @Test
    void oneLineStaysOne() {
        assertThat(SafeText.line("a\r\nb\tc\u0085d")).isEqualTo("a\\r\\nb\\tc\\u0085d");
        assertThat(SafeText.lines("a\n\tb\rc")).isEqualTo("a\n\tb\\rc");
    }

    @Test
    void whatIsEscapedTwiceIsEscapedOnce() {
        String once = SafeText.line(Hostile.TEXT);

        assertThat(SafeText.line(once)).isEqualTo(once);
        Hostile.isTamed(SafeText.withoutCommands(once, true));
    }

    @Test
    void escapedJsonHasTheSameMeaning() throws JsonProcessingException {
        String json = JSON.writeValueAsString(Hostile.TEXT);

        String safe = SafeText.withoutCommands(SafeText.lines(json), true);

        Hostile.isTamed(safe);
        assertThat(JSON.readValue(safe, String.class)).isEqualTo(Hostile.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::error::x", "  ::error::x", "\t::x", "\u00a0::error::x", "a ##[error]x", "##vso[a]b"})
    void aCiSystemFindsNoCommand(String line) {
        String safe = SafeText.withoutCommands(line, true);

        assertThat(safe.strip()).doesNotStartWith("::").doesNotContain("##[", "##vso[");
        assertThat(SafeText.withoutCommands("a::b ## c [d]", true)).isEqualTo("a::b ## c [d]");
        assertThat(SafeText.withoutCommands("::b", false)).isEqualTo("::b");
    }

    @Test
    void aFenceIsLongerThanAnyInTheText() {
        assertThat(SafeText.fence("a")).isEqualTo("```");
        assertThat(SafeText.fence("a ``` b ````` c `")).isEqualTo("``````");
    }
}
