package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.Problem;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ResourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Patches are applied before composites are expanded: a patch that names a part is refused with a hint that names the
 * composite.
 */
class PatchedPartTest {
    private static LoadResult compiled(String patch) throws IOException {
        String stack = """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"test"},
             "spec":{"account":"123456789012","region":"eu-west-2","include":["in.json"],"patches":["patch.json"]}}
            """;
        byte[] network = Files.readAllBytes(Path.of("src/test/resources/composites/network-one-nat/in.json"));
        return new DesiredCompiler(TestKinds.all())
                .compile(Map.of(
                        "stack.json", stack.getBytes(StandardCharsets.UTF_8),
                        "in.json", network,
                        "patch.json", patch.getBytes(StandardCharsets.UTF_8)))
                .get("test");
    }

    @Test
    void aPatchOfAPartNamesTheCompositeAndItsOverrides() throws IOException {
        LoadResult loaded = compiled("""
            {"kind":"Vpc","metadata":{"name":"main"},"spec":{"enableDnsHostnames":false}}
            """);

        List<Problem> problems = ((LoadResult.RefusedRevision) loaded).problems();
        assertThat(problems).singleElement().satisfies(p -> {
            assertThat(p.file()).isEqualTo("patch.json");
            assertThat(p.message()).contains("matches no document", "Vpc/main", "part of a composite");
            assertThat(p.hint()).contains("patch Network/main", "\"overrides\": { \"Vpc/main\": { … } }");
        });
    }

    /** A document that follows the hint is valid. */
    @Test
    void whatTheHintSaysPatchesThePart() throws IOException {
        LoadResult loaded = compiled("""
            {"kind":"Network","metadata":{"name":"main"},
             "spec":{"overrides":{"Vpc/main":{"enableDnsHostnames":false}}}}
            """);

        assertThat(((LoadResult.ValidRevision) loaded)
                        .revision()
                        .resources()
                        .get(new ResourceId("Vpc", "main"))
                        .spec()
                        .path("enableDnsHostnames")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void aPatchOfNothingStillSaysSo() throws IOException {
        LoadResult loaded = compiled("""
            {"kind":"Network","metadata":{"name":"mian"},"spec":{}}
            """);

        assertThat(((LoadResult.RefusedRevision) loaded).problems())
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.message())
                            .isEqualTo("the patch matches nothing: there is no Network/mian in this stack");
                    assertThat(p.hint()).contains("Network/main");
                });
    }
}
