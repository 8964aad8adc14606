package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.RevisionCodec;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The row of a composite shows the spec of its document, and those of its outputs that are known. */
class CompositeSaidTest {
    private static final ResourceId NETWORK = ResourceId.parse("Network/main");
    private static final String DOCUMENTS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},'spec':{
           'cidrBlock':'10.20.0.0/16','zones':['a','b'],'tags':{'In':'${stack.name}','Literal':'$${x}'},
           'overrides':{'Vpc':{'enableDnsHostnames':false}}}}]
        """;

    @Test
    void theRowHasTheSpecAndTheOutputs() {
        try (World world = new World()) {
            world.desire(DOCUMENTS, "'mode':'Observe',").pass();
            assertThat(world.view().composites().get(NETWORK).outputs())
                    .doesNotContainKeys("vpcId", "privateSubnetIds");

            world.desire(DOCUMENTS).converged();

            ResourceView network = world.view().composites().get(NETWORK);
            JsonNode spec = network.spec();
            assertThat(spec.path("cidrBlock").asText()).isEqualTo("10.20.0.0/16");
            assertThat(spec.at("/tags/In").asText()).isEqualTo("test");
            assertThat(spec.at("/tags/Literal").asText()).isEqualTo("${x}");
            assertThat(spec.at("/overrides/Vpc/enableDnsHostnames").isBoolean()).isTrue();
            String vpc = world.resource("Vpc/main").physicalId();
            assertThat(((JsonNode) network.outputs().get("vpcId")).asText()).isEqualTo(vpc);
            assertThat(((JsonNode) network.outputs().get("privateSubnetIds"))
                            .valueStream()
                            .map(JsonNode::asText)
                            .toList())
                    .isEqualTo(List.of(
                            world.resource("Subnet/main-private-a").physicalId(),
                            world.resource("Subnet/main-private-b").physicalId()));
        }
    }

    @Test
    void whatIsSaidOfACompositeSurvivesPublishingAndHidesSecrets() {
        String documents = """
            [{"apiVersion":"holdfast.dev/v1","kind":"Network","metadata":{"name":"main"},"spec":{"cidrBlock":"10.20.0.0/16","zones":["a","b"]}},
             {"apiVersion":"holdfast.dev/v1","kind":"Ingress","metadata":{"name":"main"},"spec":{}},
             {"apiVersion":"holdfast.dev/v1","kind":"EcsCluster","metadata":{"name":"main"},"spec":{}},
             {"apiVersion":"holdfast.dev/v1","kind":"Service","metadata":{"name":"api"},"spec":{
               "image":"public.ecr.aws/example/api:1","paths":["/*"],"priority":1,"secrets":{"KEY":{}},
               "overrides":{"Secret":{"generateSecretString":null,"secretString":"c4n4ry"}}}}]
            """;
        Revision revision = CompiledStack.of(documents);

        Revision read = new RevisionCodec(TestKinds.all()).read(RevisionCodec.write(revision));

        assertThat(read).isEqualTo(revision);
        assertThat(read.composites().keySet())
                .map(ResourceId::toString)
                .containsExactly("Ingress/main", "Network/main", "Service/api");
        // The value reaches the part, and nothing else shows it.
        assertThat(revision.resources().values().toString()).contains("c4n4ry");
        assertThat(revision.composites().toString()).contains("(sensitive)").doesNotContain("c4n4ry");
    }
}
