package dev.holdfast.kinds.route53;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.route53.model.RRType;

/** The text of a TXT record has one form, in strings of at most 255 bytes. */
class TextRecordTest {
    private static String text(String value) {
        return DnsNames.value(RRType.TXT, value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "v=spf1 -all | \"v=spf1 -all\"",
                "\"v=spf1\\040-all\" | \"v=spf1 -all\"",
                "say \"hi\" | \"say \\\"hi\\\"\"",
                "\"say \\\"hi\\\"\" | \"say \\\"hi\\\"\"",
                "\"ex\\344mple\" | \"ex\\344mple\"",
                "grün | \"gr\\303\\274n\"",
                "\"gr\\303\\274n\" | \"gr\\303\\274n\"",
                "a\\\\b | \"a\\\\b\""
            })
    void hasOneForm(String value, String form) {
        assertThat(text(value)).isEqualTo(form);
        assertThat(text(form)).isEqualTo(form);
    }

    @Test
    void isCutByBytes() {
        String form = text("ü".repeat(200));

        assertThat(form).contains("\" \"");
        assertThat(form.split(" "))
                .allSatisfy(string -> assertThat(string.length() - 2).isLessThanOrEqualTo(4 * 255));
        assertThat(form.split(" ")[0]).hasSize(2 + 4 * 255);
        assertThat(text(form)).isEqualTo(form);
        assertThat("ü".repeat(200).getBytes(StandardCharsets.UTF_8)).hasSize(400);
    }

    @Test
    void isNeverCutWithinAnEscape() {
        String form = text("x".repeat(254) + "\"" + "y".repeat(10));

        assertThat(form).isEqualTo("\"" + "x".repeat(254) + "\\\"\" \"" + "y".repeat(10) + "\"");
        assertThat(text(form)).isEqualTo(form);
    }

    @Test
    void ofOneStringStaysWhole() {
        assertThat(text("x".repeat(255))).isEqualTo("\"" + "x".repeat(255) + "\"");
        assertThat(text("")).isEqualTo("\"\"");
    }
}
