package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.store.TwinItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terraform and its AWS provider as a witness that the twin behaves as AWS, in which nobody of this project wrote a line. */
class TerraformTest {
    private static final Path CONFIGURATION = Path.of("src/test/resources/terraform");

    @TempDir
    private Path directory;

    @Test
    void appliesPlansNoChangeAndDestroys() throws IOException {
        Optional<Path> mirror = Terraform.mirror();
        Assumptions.assumeTrue(mirror.isPresent(), "Terraform with its AWS provider is not on this machine");
        try (World world = new World()) {
            world.settings.speed(100);
            Terraform terraform = Terraform.of(mirror.orElseThrow(), CONFIGURATION, directory, world);

            terraform.expect(0, "apply", "-auto-approve", "-input=false", "-no-color");
            terraform.expect(0, "plan", "-detailed-exitcode", "-input=false", "-no-color");
            assertThat(terraform.state()).hasSizeGreaterThan(60);
            terraform.expect(0, "destroy", "-auto-approve", "-input=false", "-no-color");

            // AWS shows a deleted NAT gateway for an hour.
            assertThat(world.account().inventory())
                    .filteredOn(item ->
                            item.tags().containsKey("ManagedBy") && !item.id().startsWith("nat-"))
                    .extracting(TwinItem::id)
                    .isEmpty();
        }
    }
}
