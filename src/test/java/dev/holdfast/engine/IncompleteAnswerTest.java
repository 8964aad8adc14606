package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An answer with an object that lacks its id is a failed read: the answer does not prove that the object is deleted.
 */
class IncompleteAnswerTest {
    private static final String DOCS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},'spec':{'logGroupName':'/app'}},
         {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
         {'apiVersion':'holdfast.dev/v1','kind':'Topic','metadata':{'name':'news'},'spec':{}},
         {'apiVersion':'holdfast.dev/v1','kind':'EcsCluster','metadata':{'name':'main'},'spec':{}}]""";

    @ParameterizedTest
    @CsvSource({"LogGroup/app, logGroupName", "Vpc/main, vpcId", "EcsCluster/main, clusterArn"})
    void nothingIsWritten(String resource, String member) {
        AtomicBoolean incomplete = new AtomicBoolean();
        try (World world = new World()) {
            world.answeredThrough(answer -> incomplete.get()
                            ? answer.replaceAll(
                                            "\"" + member + "\":\"[^\"]*\",?|<" + member + ">[^<]*</" + member + ">",
                                            "")
                                    .replace(",}", "}")
                            : answer)
                    .desire(DOCS)
                    .converged();
            long before = world.writeCount();

            incomplete.set(true);
            world.run(Duration.ofMinutes(3));

            assertThat(world.writeCount()).as(world.describe()).isEqualTo(before);
            assertThat(world.status(resource)).isEqualTo(Status.Unknown);
            assertThat(world.resource(resource).message())
                    .contains("has a " + resource.substring(0, resource.indexOf('/')) + " without its id");

            incomplete.set(false);
            world.converged();
            assertThat(world.writeCount()).isEqualTo(before);
        }
    }
}
