package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The inputs of the build and the deployed artifacts change only by a change of this repository. */
class SupplyChainTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern USES = Pattern.compile("(?m)^\\s*(?:- )?uses: *(\\S+)(.*)$");
    private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)(?: AS (\\S+))?$");
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", ".idea");

    private static List<Path> files(Path root, String suffixes) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> Stream.of(file.toString().split("/")).noneMatch(NOT_OURS::contains))
                    .filter(file -> file.getFileName().toString().matches(suffixes))
                    .toList();
        }
    }

    private static List<Path> workflows() throws IOException {
        List<Path> all = new ArrayList<>(files(Path.of(".github"), ".*\\.ya?ml"));
        all.addAll(files(Path.of("docs/examples"), ".*\\.ya?ml"));
        assertThat(all).hasSizeGreaterThan(4);
        return all;
    }

    @Test
    void everyActionIsNamedByItsCommit() throws IOException {
        for (Path workflow : workflows()) {
            Matcher uses = USES.matcher(Files.readString(workflow));
            while (uses.find()) {
                assertThat(uses.group(1)).as("%s", workflow).matches("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");
                assertThat(uses.group(2)).as("%s %s", workflow, uses.group(1)).matches(" # v[0-9.]+");
            }
        }
    }

    @Test
    void everyWorkflowMayDoWhatItNeedsAndNothingElse() throws IOException {
        for (Path workflow : workflows()) {
            JsonNode all = YAML.readTree(Files.readString(workflow));

            assertThat(all.path("permissions").path("contents").asText())
                    .as("%s", workflow)
                    .isEqualTo("read");
            List<String> writes = new ArrayList<>();
            Stream.concat(Stream.of(all), all.path("jobs").valueStream())
                    .flatMap(scope -> scope.path("permissions").properties().stream())
                    .filter(permission -> !permission.getValue().asText().equals("read"))
                    .forEach(permission -> writes.add(
                            permission.getKey() + ": " + permission.getValue().asText()));
            assertThat(writes)
                    .as("%s", workflow)
                    .isSubsetOf("id-token: write", "attestations: write", "pull-requests: write");
            assertThat(workflow.endsWith("ci.yml") ? writes : List.of()).isEmpty();
        }
    }

    @Test
    void noCheckoutLeavesItsTokenBehind() throws IOException {
        for (Path workflow : workflows()) {
            for (JsonNode job : YAML.readTree(Files.readString(workflow)).path("jobs")) {
                for (JsonNode step : job.path("steps")) {
                    // A step that pushes has a token of its own.
                    if (step.path("uses").asText().startsWith("actions/checkout")
                            && !step.at("/with/token").isTextual()) {
                        assertThat(step.at("/with/persist-credentials").toString())
                                .as("%s", workflow)
                                .isEqualTo("false");
                    }
                }
            }
        }
    }

    /** GitHub replaces the expressions of a script before the shell reads the script. */
    @Test
    void noScriptContainsTextOfAStranger() throws IOException {
        for (Path workflow : workflows()) {
            for (JsonNode job : YAML.readTree(Files.readString(workflow)).path("jobs")) {
                for (JsonNode step : job.path("steps")) {
                    assertThat(step.path("run").asText()).as("%s", workflow).doesNotContain("${{");
                }
            }
        }
    }

    @Test
    void everyBaseIsNamedByItsDigest() throws IOException {
        Set<String> stages = new java.util.HashSet<>();
        for (Path file : files(Path.of("."), "Dockerfile.*")) {
            Matcher from = FROM.matcher(Files.readString(file));
            while (from.find()) {
                assertThat(stages.contains(from.group(1)) || from.group(1).matches("[\\w./:-]+@sha256:[0-9a-f]{64}"))
                        .as("%s: %s", file, from.group())
                        .isTrue();
                stages.add(String.valueOf(from.group(2)));
            }
            assertThat(Files.readString(file)).doesNotContain("syntax=");
        }
        assertThat(stages).isNotEmpty();
    }

    @Test
    void nothingIsNamedByATagThatMoves() throws IOException {
        String moving = ":" + "latest";
        for (Path file : files(Path.of("."), "Dockerfile|.*\\.(ya?ml|md|json|xml|sh|properties|java|js)")) {
            // Twins answer, and tests send, the texts that people really write.
            boolean ours =
                    !file.toString().contains("/src/test/") && !file.toString().contains("/twin/");
            if (ours) {
                assertThat(Files.readString(file)).as("%s", file).doesNotContain(moving);
            }
        }
    }

    /** The tag determines the version of the program, of the image's label and of the bill of materials. */
    @Test
    void aReleaseHasTheVersionOfItsTag() throws IOException, InterruptedException {
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(pom).contains("<artifactId>holdfast</artifactId>\n  <version>${revision}</version>");
        String workflow = Files.readString(Path.of(".github/workflows/release.yml"));
        assertThat(workflow)
                .contains("VERSION=${{ github.ref_name }}", "-Drevision=\"${GITHUB_REF_NAME#v}\" cyclonedx:makeBom");
        Matcher option = Pattern.compile("mvnw .*-Dmaven.test.skip=true (\\$\\(.*\\)) package")
                .matcher(Files.readString(Path.of("Dockerfile")));
        assertThat(option.find()).isTrue();

        assertThat(echo("v1.2.3", option.group(1))).isEqualTo("-Drevision=1.2.3");
        assertThat(echo("unknown", option.group(1))).isEmpty();
    }

    private static String echo(String version, String words) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", "echo " + words).redirectErrorStream(true);
        shell.environment().put("VERSION", version);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void theWrapperKnowsWhatItDownloads() throws IOException {
        assertThat(Files.readString(Path.of(".mvn/wrapper/maven-wrapper.properties")))
                .containsPattern("distributionSha256Sum=[0-9a-f]{64}");
    }

    @Test
    void theTemplateLetsNobodyChangeWhatWasPublished() throws IOException {
        JsonNode template = YAML.readTree(Files.readString(Path.of("deploy/holdfast.yaml")));
        JsonNode resources = template.path("Resources");

        assertThat(resources.at("/Repository/Properties/ImageTagMutability").asText())
                .isEqualTo("IMMUTABLE");
        Pattern image =
                Pattern.compile(template.at("/Parameters/Image/AllowedPattern").asText());
        assertThat(image.matcher("1.dkr.ecr.eu-west-2.amazonaws.com/h@sha256:" + "a".repeat(64))
                        .matches())
                .isTrue();
        assertThat(image.matcher("1.dkr.ecr.eu-west-2.amazonaws.com/h:v1").matches())
                .isFalse();
        JsonNode once = resources
                .at("/BucketPolicy/Properties/PolicyDocument/Statement")
                .valueStream()
                .filter(s -> s.path("Sid").asText().equals("RevisionsAreWrittenOnce"))
                .findFirst()
                .orElseThrow();
        assertThat(once.path("Effect").asText()).isEqualTo("Deny");
        assertThat(once.path("Action").asText()).isEqualTo("s3:PutObject");
        assertThat(once.path("Principal").asText()).isEqualTo("*");
        assertThat(once.at("/Condition/Null/s3:if-none-match").asText()).isEqualTo("true");
        assertThat(once.path("Resource").toString())
                .contains("/stacks/*/revisions/*", "/stacks/*/history/*", "/stacks/*/audit/*", "/.holdfast/refusals/*");
        assertThat(resources
                        .at("/PublisherRole/Properties/Policies/0/PolicyDocument")
                        .toString())
                .doesNotContain("Delete", "PutBucket", "s3:*");
    }
}
