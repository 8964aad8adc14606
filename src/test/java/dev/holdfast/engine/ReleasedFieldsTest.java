package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** The plan and an event report a field that the documents no longer own, also if nothing else changes. */
class ReleasedFieldsTest {
    private static String alarm(String more) {
        return Docs.of(Docs.document(
                "Alarm",
                "a",
                "'namespace':'App','metricName':'Errors','statistic':'Sum','period':60,'evaluationPeriods':1,"
                        + "'threshold':1,'comparisonOperator':'GreaterThanThreshold'" + more));
    }

    @Test
    void thePlanShowsTheRelease() {
        try (World world = new World()) {
            world.desire(alarm(",'alarmDescription':'old'")).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            world.desire(alarm(""));
            world.reconciler().requestFull();

            world.reconciler().plan();

            assertThat(world.view().plan().steps()).singleElement().satisfies(step -> {
                assertThat(step.action()).isEqualTo(Action.NoOp);
                assertThat(step.changes()).singleElement().satisfies(change -> {
                    assertThat(change.effect()).isEqualTo(FieldChange.Effect.Released);
                    assertThat(change.words()).isEqualTo("alarmDescription");
                    assertThat(change.observed().asText()).isEqualTo("old");
                });
            });
        }
    }

    @Test
    void theReleaseIsAnEventOnceAndWritesNothing() {
        try (World world = new World()) {
            world.desire(alarm(",'alarmDescription':'old'")).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            Map<String, Long> before = world.writes();

            world.desire(alarm("")).converged();
            world.run(Duration.ofMinutes(10));

            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("Released"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("alarmDescription"));
            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.view().plan().isEmpty()).isTrue();

            // From now on another principal may set the field.
            String id = world.resource("Alarm/a").physicalId();
            world.somebody(CloudWatchClient.class)
                    .putMetricAlarm(
                            Docs.theirAlarm(id, 1).alarmDescription("theirs").build());
            world.run(Duration.ofMinutes(5));
            assertThat(world.view().drift()).isEmpty();
        }
    }

    /** The group keeps the value: only a value in the document changes the parameter. */
    @Test
    void aParameterThatIsNoLongerDesiredIsReleasedAndKeepsItsValue() {
        try (World world = new World()) {
            String group = Docs.of(Docs.document(
                    "DbParameterGroup",
                    "main",
                    "'dbParameterGroupFamily':'postgres15','description':'p',"
                            + "'parameters':{'rds.force_ssl':'0','work_mem':'8192'}"));
            world.desire(group).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            Map<String, Long> before = world.writes();

            world.desire(group.replace(",'work_mem':'8192'", "")).converged();
            world.run(Duration.ofMinutes(10));

            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("Released"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("work_mem"));
            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.view().plan().isEmpty()).isTrue();
        }
    }

    /**
     * CloudWatch accepts one metric or several. It removes the fields of the one metric, so that the plan must not
     * report that they stay.
     */
    @Test
    void aFormThatAwsRemovesIsShownAsRemoved() {
        try (World world = new World()) {
            world.desire(alarm(",'unit':'Count'")).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            world.desire(Docs.of(Docs.document(
                    "Alarm",
                    "a",
                    "'evaluationPeriods':1,'threshold':1,'comparisonOperator':'GreaterThanThreshold','metrics':["
                            + "{'id':'m','metricStat':{'metric':{'namespace':'App','metricName':'Errors'},"
                            + "'period':60,'stat':'Sum'}}]")));
            world.reconciler().requestFull();
            world.reconciler().plan();

            assertThat(world.view().plan().steps()).singleElement().satisfies(step -> {
                assertThat(step.action()).isEqualTo(Action.Update);
                assertThat(step.changes())
                        .noneMatch(c -> c.effect() == FieldChange.Effect.Released)
                        .extracting(FieldChange::component)
                        .contains("metrics", "namespace", "metricName", "statistic", "period", "unit");
            });
            world.converged();
            assertThat(world.events).noneMatch(e -> e.reason().equals("Released"));
        }
    }
}
