package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Terraform on this machine, in a separate working directory, with the AWS provider of a mirror and the twin as AWS.
 */
final class Terraform {
    /**
     * The places of provider mirrors: the plug-in cache, Terraform's implied mirrors, and directories for additional
     * software.
     */
    private static final List<String> MIRRORS = List.of(
            String.valueOf(System.getenv("TF_PLUGIN_CACHE_DIR")),
            System.getProperty("user.home") + "/.terraform.d",
            "/usr/local/share/terraform",
            "/usr/share/terraform",
            "/opt");

    private static final Pattern ATTRIBUTE = Pattern.compile("@\\{([^}]+)\\.([a-z_]+)}");

    private static final int AT_MOST = 600;
    private static final Path PROVIDER = Path.of("src/test/resources/terraform/import/provider.tf");

    private final World world;
    private final Path directory;
    private final Map<String, String> environment;

    /** @param exit 0: success; 1: an error; 2, with {@code -detailed-exitcode}: the plan has changes */
    record Ran(int exit, String output) {}

    private Terraform(World world, Path directory, Map<String, String> environment) {
        this.world = world;
        this.directory = directory;
        this.environment = environment;
    }

    /** The mirror that has the AWS provider; empty if this machine has no Terraform or no provider. */
    private static Optional<Path> mirror() {
        boolean installed = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "terraform")));
        return installed
                ? MIRRORS.stream()
                        .map(Path::of)
                        .filter(Files::isDirectory)
                        .flatMap(Terraform::providers)
                        .findFirst()
                : Optional.empty();
    }

    private static Stream<Path> providers(Path root) {
        try (Stream<Path> files = Files.find(
                root,
                3,
                (path, attributes) -> path.endsWith("registry.terraform.io/hashicorp") && attributes.isDirectory())) {
            return files
                    .map(found -> found.resolve("aws"))
                    .filter(Files::isDirectory)
                    .map(aws -> aws.getParent().getParent().getParent())
                    .toList()
                    .stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.of();
        }
    }

    /** A world that is fast enough for Terraform. Skips the test if this machine has no Terraform or no provider. */
    static World world() {
        Assumptions.assumeTrue(mirror().isPresent(), "Terraform with its AWS provider is not on this machine");
        World world = new World();
        world.settings.speed(100);
        return world;
    }

    /** Copies the configuration to an empty directory and initializes it there. */
    static Terraform of(Path configuration, Path directory, World world) throws IOException {
        try (Stream<Path> files = Files.list(configuration)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".tf")).toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        Path settings = directory.resolve("terraform.rc");
        Files.writeString(
                settings,
                "provider_installation {\n  filesystem_mirror { path = \"" + mirror().orElseThrow() + "\" }\n}\n");
        Terraform terraform = new Terraform(
                world,
                directory,
                Map.of(
                        "TF_CLI_CONFIG_FILE", settings.toString(),
                        "CHECKPOINT_DISABLE", "1",
                        "AWS_ENDPOINT_URL", world.twin.endpoint().toString(),
                        "AWS_ACCESS_KEY_ID", "somebody-" + World.ACCOUNT,
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "TF_VAR_services", "1"));
        terraform.expect(0, "init");
        return terraform;
    }

    /**
     * Creates all resources of the configuration, checks that a plan has no changes, runs the check, and destroys the
     * resources.
     */
    void makesAndDestroys(Runnable look) {
        expect(0, "apply", "-auto-approve", "-input=false", "-no-color");
        expect(0, "plan", "-detailed-exitcode", "-input=false", "-no-color");
        look.run();
        expect(0, "destroy", "-auto-approve", "-input=false", "-no-color");
    }

    Ran expect(int exit, String... arguments) {
        Ran ran = run(arguments);
        if (ran.exit() != exit) {
            throw new AssertionError(
                    "terraform " + String.join(" ", arguments) + " exits with " + ran.exit() + ":\n" + ran.output());
        }
        return ran;
    }

    /** Terraform waits by the machine's clock: the twin's clock advances while Terraform runs. */
    Ran run(String... arguments) {
        List<String> command =
                Stream.concat(Stream.of("terraform"), Stream.of(arguments)).toList();
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().remove("AWS_CA_BUNDLE");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            for (int seconds = 0; !process.waitFor(1, TimeUnit.SECONDS); seconds++) {
                world.clock.advance(Duration.ofSeconds(1));
                if (seconds == AT_MOST) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " does not end:\n" + Files.readString(output));
                }
            }
            return new Ran(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The attributes of each resource in Terraform's state, for example of {@code aws_vpc.main}. */
    Map<String, JsonNode> state() {
        try {
            JsonNode state = new ObjectMapper()
                    .readTree(directory.resolve("terraform.tfstate").toFile());
            Map<String, JsonNode> resources = new TreeMap<>();
            for (var resource : state.path("resources")) {
                for (var instance : resource.path("instances")) {
                    String key = instance.has("index_key")
                            ? "[" + instance.path("index_key").asText() + "]"
                            : "";
                    resources.put(
                            resource.path("type").asText() + "."
                                    + resource.path("name").asText() + key,
                            instance.path("attributes"));
                }
            }
            return resources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file in which each {@code @{aws_vpc.main.id}} is replaced by the attribute in the state. */
    String filled(Path file) throws IOException {
        Map<String, JsonNode> state = state();
        return ATTRIBUTE
                .matcher(Files.readString(file))
                .replaceAll(found -> Optional.ofNullable(state.get(found.group(1)))
                        .map(attributes -> attributes.path(found.group(2)).asText())
                        .orElseThrow(() -> new AssertionError("Terraform's state has no " + found.group(1))));
    }

    /** Makes the provider ignore our tags in comparisons. */
    void ignoringTags() throws IOException {
        Files.writeString(
                directory.resolve("tags_override.tf"),
                "provider \"aws\" {\n  ignore_tags { key_prefixes = [\"holdfast:\"] }\n}\n");
    }

    /** Replaces each resource of the configuration by a removed block: Terraform destroys nothing. */
    void removing() throws IOException {
        StringBuilder blocks = new StringBuilder(Files.readString(PROVIDER));
        state().keySet().stream()
                .map(address -> address.replaceFirst("\\[.*", ""))
                .distinct()
                .forEach(address -> blocks.append("removed {\n  from = ")
                        .append(address)
                        .append("\n  lifecycle {\n    destroy = false\n  }\n}\n"));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".tf")).toList()) {
                Files.delete(file);
            }
        }
        Files.writeString(directory.resolve("removed.tf"), blocks);
    }

    /**
     * The output of a plan that imports objects by import blocks, with the configuration that Terraform generates for
     * them.
     */
    String importing(Map<String, String> idsByAddress) throws IOException {
        StringBuilder blocks = new StringBuilder();
        idsByAddress.forEach((address, id) -> blocks.append("import {\n  to = ")
                .append(address)
                .append("\n  id = \"")
                .append(id)
                .append("\"\n}\n"));
        Files.writeString(directory.resolve("imports.tf"), blocks);
        Path generated = directory.resolve("generated.tf");
        // The provider rejects parts of the generated configuration: the command fails after it has written the file.
        run("plan", "-input=false", "-no-color", "-generate-config-out=" + generated.getFileName());
        Files.writeString(generated, GeneratedConfiguration.mended(Files.readString(generated)));
        return expect(0, "plan", "-input=false", "-no-color").output();
    }
}
