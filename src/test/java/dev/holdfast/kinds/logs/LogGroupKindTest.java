package dev.holdfast.kinds.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.kinds.KindHarness;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.ValidationException;

class LogGroupKindTest {
    private static final String FULL = """
        {'retentionInDays':30,'kmsKeyId':'arn:aws:kms:eu-west-2:123456789012:key/a','logGroupClass':'STANDARD',
         'deletionProtectionEnabled':false,'tags':{'a':'b'}}\
        """;
    private static final String NAME = "dev-it-0a1b2c3d";

    private final KindHarness<LogGroupKind.Spec> harness = new KindHarness<>(new LogGroupKind(), "logGroupName");
    private final CloudWatchLogsClient logs = harness.twin.service("eu-west-2", CloudWatchLogsClient.class);

    @Test
    void createsAndThenWritesNothing() {
        harness.isCreatedByAndThenLeftAlone(FULL, "createLogGroup", "putRetentionPolicy");

        assertThat(harness.known().outputs())
                .containsEntry("name", NAME)
                .containsEntry("arn", "arn:aws:logs:eu-west-2:123456789012:log-group:" + NAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'retentionInDays':7} | putRetentionPolicy",
                "{'retentionInDays':0} | deleteRetentionPolicy",
                "{'kmsKeyId':'arn:aws:kms:eu-west-2:123456789012:key/b'} | associateKmsKey",
                "{'kmsKeyId':''} | disassociateKmsKey",
                "{'deletionProtectionEnabled':true} | putLogGroupDeletionProtection",
                "{'tags':{'a':'c'}} | tagResource",
            })
    void aChangedFieldTakesItsOwnCall(String patch, String call) {
        harness.takesCalls(FULL, patch, call);
    }

    @Test
    void removesTagsThatWereOursOnce() {
        harness.takesOffTagsThatWereOurs(FULL);
    }

    @Test
    void repairsWhatSomebodyElseChanged() {
        harness.desire(FULL).converge();
        String arn = (String) harness.known().outputs().get("arn");

        logs.deleteRetentionPolicy(r -> r.logGroupName(NAME));
        logs.tagResource(r -> r.resourceArn(arn).tags(Map.of("a", "x", "theirs", "1")));
        logs.putLogGroupDeletionProtection(r -> r.logGroupIdentifier(NAME).deletionProtectionEnabled(true));

        assertThat(harness.diff().changed())
                .containsExactlyInAnyOrder("retentionInDays", "tags", "deletionProtectionEnabled");
        harness.converge();
        assertThat(harness.known().identity().tags()).containsEntry("theirs", "1");
    }

    @Test
    void theClassCannotChange() {
        harness.cannotChange(FULL, "{'logGroupClass':'INFREQUENT_ACCESS'}");
    }

    @Test
    void aStrangerThatHoldsTheNameIsSeenWithItsTags() {
        logs.createLogGroup(r -> r.logGroupName(NAME).tags(Map.of("by", "ecs")));
        harness.seesTheStranger(FULL, Map.of("by", "ecs"));
    }

    @Test
    void tagsTakeNoReadWhereTheIndexSaysWhatIsDesired() {
        harness.isReadBy(FULL, true, "describeLogGroupsPaginator");
    }

    @Test
    void protectionIsNotSwitchedOffToDelete() {
        harness.desire(FULL, "{'deletionProtectionEnabled':true}").converge();
        assertThatExceptionOfType(ValidationException.class).isThrownBy(harness::delete);
    }
}
