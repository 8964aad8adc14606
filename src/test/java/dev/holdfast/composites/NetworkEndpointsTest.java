package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.CompiledStack;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Revision;
import org.junit.jupiter.api.Test;

/** A network's endpoints have the service names that AWS uses in the region. */
class NetworkEndpointsTest {
    @Test
    void inChina() {
        String network = """
            {"apiVersion":"holdfast.dev/v1","kind":"Network","metadata":{"name":"main"},
             "spec":{"cidrBlock":"10.0.0.0/16","zones":["a"],"interfaceEndpoints":["ecr.api","logs"]}}
            """;

        Revision revision = CompiledStack.inRegion("cn-north-1", network);

        assertThat(revision.resources().values())
                .filteredOn(r -> r.id().kind().equals("VpcEndpoint"))
                .extracting(
                        DesiredResource::id, r -> r.spec().path("serviceName").asText())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "(VpcEndpoint/main-s3, \"com.amazonaws.cn-north-1.s3\")",
                        "(VpcEndpoint/main-ecr-api, \"cn.com.amazonaws.cn-north-1.ecr.api\")",
                        "(VpcEndpoint/main-logs, \"com.amazonaws.cn-north-1.logs\")");
    }
}
