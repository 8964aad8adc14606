package dev.holdfast.kinds.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kinds.KindHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ObjectNotFoundException;

class ScheduledActionKindTest {
    private static final String MORNING = """
        {'serviceNamespace':'dynamodb','resourceId':'table/t','scalableDimension':'dynamodb:table:ReadCapacityUnits',
         'schedule':'cron(0 8 ? * MON-FRI *)','timezone':'Europe/London','startTime':'2026-02-01T00:00:00.500Z',
         'endTime':'','scalableTargetAction':{'minCapacity':4}}\
        """;

    private final KindHarness<ScheduledActionKind.Spec> harness =
            new KindHarness<>(new ScheduledActionKind(), "scheduledActionName").untagged();
    private final ApplicationAutoScalingClient scaling =
            harness.twin.service("eu-west-2", ApplicationAutoScalingClient.class);

    private void target(String table) {
        scaling.registerScalableTarget(r -> r.serviceNamespace("dynamodb")
                .resourceId(table)
                .scalableDimension("dynamodb:table:ReadCapacityUnits")
                .minCapacity(1)
                .maxCapacity(9));
    }

    @Test
    void createsAndThenWritesNothing() {
        target("table/t");
        harness.desire(MORNING).converge();
        assertThat(harness.writes()).containsExactly("putScheduledAction");

        harness.calls.clear();
        harness.converge();

        assertThat(harness.writes()).isEmpty();
        assertThat(harness.known().outputs().get("arn"))
                .asString()
                .endsWith(":resource/dynamodb/table/t:scheduledActionName/dev-it-0a1b2c3d");
        assertThat(harness.confirmed()).isEqualTo(harness.known());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'schedule':'rate(2 hours)'}",
                "{'timezone':'UTC'}",
                "{'startTime':''}",
                "{'startTime':'2026-03-01T01:00:00+01:00','endTime':'2026-04-01T00:00:00Z'}",
                "{'scalableTargetAction':{'minCapacity':5,'maxCapacity':8}}",
            })
    void aChangedFieldTakesOneCall(String patch) {
        target("table/t");
        harness.desire(MORNING).converge();
        harness.calls.clear();

        harness.desire(MORNING, patch).converge();

        assertThat(harness.writes()).containsExactly("putScheduledAction");
    }

    @Test
    void anUpdateKeepsTheTimesThatNobodyDeclared() {
        target("table/t");
        harness.desire(MORNING).converge();

        harness.desire(MORNING, "{'startTime':null,'schedule':'rate(1 hour)'}").converge();

        assertThat(harness.known().spec().startTime()).isEqualTo("2026-02-01T00:00:00Z");
    }

    @Test
    void oneOfTheSameNameOnSomethingElseIsAnother() {
        target("table/t");
        target("table/other");
        harness.desire(MORNING, "{'resourceId':'table/other'}").create();
        harness.forgetPhysicalId();

        assertThat(harness.desire(MORNING).known()).isNull();
    }

    @Test
    void isFoundByItsRecordAloneAndWhenTheStateIsLost() {
        harness.settings.pageSize(1);
        target("table/t");
        harness.desire(MORNING).converge();
        var before = harness.known();

        harness.forgetPhysicalId();

        assertThat(harness.known()).isEqualTo(before);
        assertThat(harness.desire(MORNING, "{'scheduledActionName':null}").known())
                .isNull();
    }

    @Test
    void needsItsTargetAndGoesWithIt() {
        assertThatThrownBy(() -> harness.desire(MORNING).create()).isInstanceOf(ObjectNotFoundException.class);
        target("table/t");
        harness.create();

        scaling.deregisterScalableTarget(r -> r.serviceNamespace("dynamodb")
                .resourceId("table/t")
                .scalableDimension("dynamodb:table:ReadCapacityUnits"));

        assertThat(harness.known()).isNull();
    }

    @Test
    void isDeleted() {
        target("table/t");
        harness.desire(MORNING).converge();

        assertThat(harness.delete()).isEqualTo(1);

        assertThat(scaling.describeScheduledActions(r -> r.serviceNamespace("dynamodb"))
                        .scheduledActions())
                .isEmpty();
    }
}
