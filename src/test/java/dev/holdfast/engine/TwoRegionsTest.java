package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;

/** Resources with the same name in AWS, in two regions. */
class TwoRegionsTest {
    private static String repository(String name, String region, int kept) {
        return """
            {'apiVersion':'holdfast.dev/v1','kind':'Repository','metadata':{'region':'%s','name':'%s'},'spec':{'repositoryName':'api',
             'lifecyclePolicy':{'rules':[{'rulePriority':1,'selection':{'tagStatus':'any','countType':'imageCountMoreThan',
              'countNumber':%d},'action':{'type':'expire'}}]}}}""".formatted(region, name, kept);
    }

    private static String policy(World world, String region) {
        return world.account()
                .service(region, EcrClient.class)
                .getLifecyclePolicy(r -> r.repositoryName("api"))
                .lifecyclePolicyText();
    }

    @Test
    void haveSlowFacetsOfTheirOwn() {
        try (World world = new World()) {
            world.desire("[" + repository("here", World.REGION, 10) + "," + repository("there", "us-east-1", 20) + "]")
                    .converged();
            assertThat(policy(world, World.REGION)).contains("10");
            assertThat(policy(world, "us-east-1")).contains("20");
            world.run(Duration.ofMinutes(25));
            assertThat(world.view().drift()).isEmpty();
            String theirs = policy(world, "us-east-1").replace("20", "5");
            world.account()
                    .service("us-east-1", EcrClient.class)
                    .putLifecyclePolicy(r -> r.repositoryName("api").lifecyclePolicyText(theirs));

            world.run(EngineConstants.SLOW_FACET_AGE.plusMinutes(2));

            assertThat(policy(world, "us-east-1")).contains("20");
            assertThat(world.view().drift())
                    .singleElement()
                    .satisfies(item -> assertThat(item.resource()).hasToString("Repository/there"));
            assertThat(world.status("Repository/here")).isEqualTo(Status.Synced);
        }
    }

    /** A change event makes Holdfast read one resource alone; the state records the other one with the same id. */
    @Test
    void areNotTakenForEachOther() {
        try (World world = new World()) {
            world.desire("[" + repository("here", World.REGION, 10) + "," + repository("there", "us-east-1", 20) + "]")
                    .converged();

            world.reconciler().changed(List.of(new ChangeHint(ResourceId.parse("Repository/here"), null)));
            world.pass();

            assertThat(world.status("Repository/here")).as(world.describe()).isEqualTo(Status.Synced);
        }
    }
}
