package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.DesiredResource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A network's endpoints have the service names that AWS uses in the region. */
class NetworkEndpointsTest {
    @Test
    void inChina() {
        String stack = """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"test"},
             "spec":{"account":"123456789012","region":"cn-north-1","include":["in.json"]}}
            """;
        String network = """
            {"apiVersion":"holdfast.dev/v1","kind":"Network","metadata":{"name":"main"},
             "spec":{"cidrBlock":"10.0.0.0/16","zones":["a"],"interfaceEndpoints":["ecr.api","logs"]}}
            """;

        LoadResult loaded = new DesiredCompiler(TestKinds.all())
                .compile(Map.of(
                        "stack.json", stack.getBytes(StandardCharsets.UTF_8),
                        "in.json", network.getBytes(StandardCharsets.UTF_8)))
                .get("test");

        assertThat(loaded)
                .isInstanceOfSatisfying(
                        LoadResult.ValidRevision.class,
                        valid -> assertThat(valid.revision().resources().values())
                                .filteredOn(r -> r.id().kind().equals("VpcEndpoint"))
                                .extracting(
                                        DesiredResource::id,
                                        r -> r.spec().path("serviceName").asText())
                                .extracting(Object::toString)
                                .containsExactlyInAnyOrder(
                                        "(VpcEndpoint/main-s3, \"com.amazonaws.cn-north-1.s3\")",
                                        "(VpcEndpoint/main-ecr-api, \"cn.com.amazonaws.cn-north-1.ecr.api\")",
                                        "(VpcEndpoint/main-logs, \"com.amazonaws.cn-north-1.logs\")"));
    }
}
