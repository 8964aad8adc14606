package dev.holdfast.twin.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.State;

class TwinLambdaTest {
    private static final String IMAGE = "123456789012.dkr.ecr.eu-west-2.amazonaws.com/app:";
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinAccount account = new TwinAccount("123456789012", clock, new TwinSettings(), 1);
    private final TwinLambda lambda = account.service("eu-west-2", TwinLambda.class);

    private String role() {
        return account.service("eu-west-2", TwinIam.class)
                .createRole(
                        r -> r.roleName("r")
                                .assumeRolePolicyDocument(
                                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                                + "\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"))
                .role()
                .arn();
    }

    private void create(String role) {
        lambda.createFunction(r ->
                r.functionName("f").role(role).packageType(PackageType.IMAGE).code(c -> c.imageUri(IMAGE + "1")));
    }

    @Test
    void aRoleThatWasMadeAMomentAgoCannotBeAssumed() {
        String role = role();
        assertThatThrownBy(() -> create(role))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("cannot be assumed by Lambda");

        clock.advance(Duration.ofMinutes(1));
        create(role);

        assertThat(lambda.getFunction(r -> r.functionName("f")).configuration().state())
                .isEqualTo(State.PENDING);
        assertThat(lambda.listFunctions(r -> {}).functions().getFirst().state()).isNull();
    }

    @Test
    void takesOneUpdateAtATime() {
        String role = role();
        clock.advance(Duration.ofMinutes(1));
        create(role);
        assertThatThrownBy(
                        () -> lambda.updateFunctionCode(r -> r.functionName("f").imageUri(IMAGE + "2")))
                .isInstanceOf(ResourceConflictException.class);
        clock.advance(Duration.ofMinutes(1));

        lambda.updateFunctionConfiguration(r -> r.functionName("f").timeout(30));

        assertThatThrownBy(
                        () -> lambda.updateFunctionCode(r -> r.functionName("f").imageUri(IMAGE + "2")))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("An update is in progress");
        clock.advance(Duration.ofMinutes(1));
        assertThat(lambda.updateFunctionCode(r -> r.functionName("f").imageUri(IMAGE + "2"))
                        .lastUpdateStatus())
                .isEqualTo(LastUpdateStatus.IN_PROGRESS);
    }
}
