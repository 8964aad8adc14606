package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The content of revisions over HTTP, and their differences. */
@QuarkusTest
class RevisionsApiTest extends ApiCase {
    private static final String SECRET =
            ",{'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'word'},'spec':{'name':'compared','secretString':'%s'}}";

    @Test
    void twoRevisionsAreSeenSideBySideWithoutTheirSecrets() throws IOException {
        String group = Installation.LOGS.formatted("compared");
        String first = installation
                .publish("compared", "'interval':'PT1H',", group + SECRET.formatted("hunter2-hunter2"))
                .revision();
        String second = installation
                .publish(
                        "compared",
                        "'interval':'PT1H',",
                        group.replace("Days':7", "Days':3") + SECRET.formatted("hunter3-hunter3"))
                .revision();
        String stack = "/api/v1/stacks/compared";
        until(stack, s -> s.path("revision").asText().equals(second));

        JsonNode content = get(stack + "/revisions/" + first).json();
        Answer compared = get(stack + "/diff?from=" + first);
        Answer back = get(stack + "/diff?from=" + second + "&to=" + first);

        assertThat(content.path("stack").path("name").asText()).isEqualTo("compared");
        assertThat(content.toString()).contains("(sensitive)").doesNotContain("hunter");
        OutputSchema.check("diff", compared.json());
        assertThat(compared.json()
                        .path("documents")
                        .valueStream()
                        .map(d -> d.path("id").asText()))
                .containsExactly("LogGroup/app", "Secret/word");
        assertThat(compared.text()).contains("(sensitive, changed)").doesNotContain("hunter");
        assertThat(back.json()
                        .path("documents")
                        .path(0)
                        .path("fields")
                        .path(0)
                        .path("after")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void whatIsNoRevisionIsRefused() {
        String stack = "/api/v1/stacks/held";
        get(stack + "/revisions/abc").isProblem(400, "64 digits", "abc");
        get(stack + "/revisions/" + "ab".repeat(32)).isProblem(404, "ab".repeat(32));
        get(stack + "/diff").isProblem(400, "from=SHA256");
        get(stack + "/diff?from=..").isProblem(400, "64 digits");
        get("/api/v1/stacks/nope/diff?from=" + "ab".repeat(32)).isProblem(404, "nope");
        assertThat(send("GET", stack + "/revisions/" + "ab".repeat(32), null, null)
                        .status())
                .isEqualTo(401);
    }
}
