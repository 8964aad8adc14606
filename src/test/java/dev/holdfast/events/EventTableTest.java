package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ActionNames;
import dev.holdfast.aws.Operations;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Permission;
import dev.holdfast.kind.TestKinds;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventTableTest {
    private static final KindCatalog CATALOG = TestKinds.all();

    /** Actions that a kind's calls need, and that are calls of their own on something else, or none at all. */
    private static final Set<String> ON_SOMETHING_ELSE = Set.of(
            // The service's own role, made by AWS.
            "iam:CreateServiceLinkedRole",
            // The managed master password, made by RDS.
            "secretsmanager:CreateSecret",
            "DbInstance secretsmanager:TagResource",
            "DbCluster secretsmanager:TagResource",
            // S3 checks the tags of a bucket under this action too; the call is PutBucketTagging.
            "Bucket s3:TagResource",
            "ReplicationGroup elasticache:CreateSnapshot",
            // What Application Auto Scaling does in our name.
            "ScalableTarget ecs:UpdateService",
            "ScalingPolicy cloudwatch:DeleteAlarms",
            "ScalingPolicy cloudwatch:PutMetricAlarm",
            "SecretRotation lambda:InvokeFunction");

    @Test
    @DisplayName("Every call that the permissions say a kind makes to change something is in the table of events")
    void everyPermittedChangeHasAnEvent() {
        Set<String> missing = new TreeSet<>();
        for (Kind<?> kind : CATALOG.all().values()) {
            Set<String> actions = kind.changingCalls().stream()
                    .flatMap(call -> ActionNames.of(call).stream())
                    .collect(Collectors.toSet());
            for (Permission permission : kind.permissions()) {
                String action = permission.action();
                boolean write = Operations.isWrite(action.substring(action.indexOf(':') + 1));
                String named = kind.info().name() + " " + action;
                boolean elsewhere = ON_SOMETHING_ELSE.contains(action) || ON_SOMETHING_ELSE.contains(named);
                if (write && !actions.contains(action) && !action.equals("iam:PassRole") && !elsewhere) {
                    missing.add(named);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyKindIsFoundByTheCallsThatMakeAndDeleteIt() {
        EventTable table = new EventTable(CATALOG);
        for (Kind<?> kind : CATALOG.all().values()) {
            assertThat(kind.changingCalls()).as(kind.info().name()).isNotEmpty();
            kind.changingCalls()
                    .forEach(call -> assertThat(table.changedBy(call))
                            .contains(kind.info().name()));
        }
        assertThat(table.changedBy("ec2:AuthorizeSecurityGroupIngress")).containsExactly("SecurityGroup");
        assertThat(table.changedBy("ecs:UpdateService")).containsExactly("EcsService");
        assertThat(table.changedBy("s3:PutBucketEncryption")).containsExactly("Bucket");
        assertThat(table.changedBy("nothing:Known")).isEmpty();
    }
}
