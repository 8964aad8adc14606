package dev.holdfast.kinds.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.KindHarness;
import dev.holdfast.twin.cloudwatch.TwinCloudWatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompositeAlarmKindTest {
    private static final String FULL = """
        {'alarmRule':'ALARM(a) OR ALARM(b)','alarmDescription':'either','actionsEnabled':true,
         'alarmActions':['arn:aws:sns:eu-west-2:123456789012:a'],'okActions':[],'insufficientDataActions':[],
         'actionsSuppressor':'c','actionsSuppressorWaitPeriod':60,'actionsSuppressorExtensionPeriod':60,
         'tags':{'a':'b'}}\
        """;

    private final KindHarness<CompositeAlarmKind.Spec> harness =
            new KindHarness<>(new CompositeAlarmKind(), "alarmName");
    private final TwinCloudWatch cloudWatch = harness.twin.service("eu-west-2", TwinCloudWatch.class);

    @Test
    void oneCallCreatesIt() {
        harness.desire(FULL).converge();

        assertThat(harness.writes()).containsExactly("putCompositeAlarm");
        assertThat(harness.forgetPhysicalId().confirmed()).isEqualTo(harness.known());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'alarmRule':'ALARM(a)'} | putCompositeAlarm",
                "{'alarmDescription':''} | putCompositeAlarm",
                "{'actionsEnabled':false} | putCompositeAlarm",
                "{'alarmActions':[]} | putCompositeAlarm",
                "{'okActions':['arn:aws:sns:eu-west-2:123456789012:a']} | putCompositeAlarm",
                "{'insufficientDataActions':['arn:aws:sns:eu-west-2:123456789012:a']} | putCompositeAlarm",
                "{'actionsSuppressor':'','actionsSuppressorWaitPeriod':null,'actionsSuppressorExtensionPeriod':null} |"
                        + " putCompositeAlarm",
                "{'actionsSuppressorWaitPeriod':120} | putCompositeAlarm",
                "{'actionsSuppressorExtensionPeriod':120} | putCompositeAlarm",
                "{'tags':{'a':'c'}} | tagResource",
            })
    void aChangedFieldTakesOneCall(String patch, String call) {
        harness.takesCalls(FULL, patch, call);
    }

    @Test
    void repairsWhatSomebodyElseOverwrote() {
        harness.desire(FULL).converge();
        cloudWatch.putCompositeAlarm(r -> r.alarmName("dev-it-0a1b2c3d").alarmRule("TRUE"));

        harness.converge();

        assertThat(harness.known().spec().alarmRule()).isEqualTo("ALARM(a) OR ALARM(b)");
    }

    @Test
    void isFoundBySweepAndDeleted() {
        harness.desire(FULL).converge();
        harness.indexed = true;
        assertThat(harness.sweep()).containsExactly(harness.known());

        assertThat(harness.delete()).isEqualTo(1);
        assertThat(harness.inventory()).isEmpty();
    }
}
