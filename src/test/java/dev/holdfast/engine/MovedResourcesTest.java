package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * A revision that moves an existing resource to another place is refused, so that no object is left behind unnoticed.
 */
class MovedResourcesTest {
    private static final String VPC = """
        {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'%s},'spec':{'cidrBlock':'10.0.0.0/16'}}
        """;
    private static final String ZONE = """
        {'apiVersion':'holdfast.dev/v1','kind':'HostedZone','metadata':{'name':'main'},'spec':{'name':'example.com'}}
        """;

    private static World move(World world, String documents) {
        world.desire(documents);
        return world.file("test/stack.json", """
            {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'test'},
             'spec':{'account':'123456789012','region':'us-east-1','include':['docs.json']}}
            """);
    }

    private static int vpcs(World world) {
        return (int) world.somebody(Ec2Client.class).describeVpcs().vpcs().stream()
                .filter(v -> v.cidrBlock().equals("10.0.0.0/16"))
                .count();
    }

    private static void isRefused(World world, String... words) {
        long writes = world.twin.log().writes().stream()
                .filter(r -> !"holdfast-state".equals(r.app()))
                .count();
        world.run(Duration.ofMinutes(2));

        assertThat(world.view().status()).isEqualTo("Refused");
        assertThat(world.view().revisionErrors())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains(words));
        assertThat(world.twin.log().writes().stream()
                        .filter(r -> !"holdfast-state".equals(r.app()))
                        .count())
                .isEqualTo(writes);
    }

    @Test
    void aStackThatChangesItsRegionKeepsWhatItHas() {
        try (World world = new World()) {
            world.desire("[" + VPC.formatted("") + "," + ZONE + "]").converged();
            String good = world.view().revision();

            move(world, "[" + VPC.formatted("") + "," + ZONE + "]");

            isRefused(world, "Vpc/main from account ", ", eu-west-2 to account ", ", us-east-1");
            assertThat(world.view().revision()).isEqualTo(good);
            assertThat(vpcs(world)).isEqualTo(1);
            world.restart();
            isRefused(world, "Vpc/main", "left behind");

            world.desire("[" + VPC.formatted("") + "," + ZONE + "]").converged();
            assertThat(world.view().status()).isEqualTo("Synced");
        }
    }

    /**
     * In the new place the operator would not find the resource, and would not delete it although no document declares
     * it.
     */
    @Test
    void aResourceThatIsNotDeclaredThereEitherIsNotForgotten() {
        try (World world = new World()) {
            world.desire("[" + VPC.formatted("") + "," + ZONE + "]").converged();

            move(world, "[" + ZONE + "]");

            isRefused(world, "Vpc/main");
        }
    }

    @Test
    void aResourceThatChangesItsOwnRegionStays() {
        try (World world = new World()) {
            world.desire("[" + VPC.formatted("") + "]").converged();

            world.desire("[" + VPC.formatted(",'region':'us-east-1'") + "]");

            isRefused(world, "Vpc/main", "us-east-1");
            assertThat(vpcs(world)).isEqualTo(1);
        }
    }

    @Test
    void aRenamedResourceStaysInItsRegion() {
        try (World world = new World()) {
            world.desire("[" + VPC.formatted("") + "]").converged();

            world.desire("["
                    + VPC.formatted(",'region':'us-east-1'")
                            .replace("'name':'main'", "'name':'network'")
                            .replace("'spec':", "'lifecycle':{'adopt':'IfUnowned','id':'Vpc/main'},'spec':")
                    + "]");

            isRefused(world, "Vpc/main", "us-east-1");
            assertThat(vpcs(world)).isEqualTo(1);
        }
    }

    @Test
    void whatHasNoRegionOrDoesNotExistMayMove() {
        try (World world = new World()) {
            world.desire("[" + ZONE + "]").converged();

            move(world, "[" + ZONE + "]").converged();

            assertThat(world.view().revisionErrors()).isEmpty();
        }
    }

    @Test
    void anotherAccountIsAnotherPlaceForEverything() {
        try (World world = new World()) {
            world.desire("[" + ZONE + "]").converged();

            world.desire("[" + ZONE + "]").file("test/stack.json", """
                {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'test'},
                 'spec':{'account':'999999999999','region':'eu-west-2','include':['docs.json']}}
                """);

            isRefused(world, "HostedZone/main from account 123456789012 to account 999999999999");
        }
    }

    @Test
    void theStatusNamesTheRegion() {
        try (World world = new World()) {
            world.desire("[" + VPC.formatted(",'region':'us-east-1'") + "," + ZONE + "]")
                    .converged();

            assertThat(world.resource("Vpc/main").region()).isEqualTo("us-east-1");
            assertThat(world.resource("HostedZone/main").region())
                    .as("a global service")
                    .isNull();
        }
    }

    @Test
    void theRegionThatIsNamedMayBeTheOneOfTheStack() {
        try (World world = new World()) {
            world.desire("[" + VPC.formatted("") + "]").converged();

            world.desire("[" + VPC.formatted(",'region':'eu-west-2'") + "]").converged();

            assertThat(world.view().revisionErrors()).isEmpty();
        }
    }
}
