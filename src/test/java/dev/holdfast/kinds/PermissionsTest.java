package dev.holdfast.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Permission;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.twin.IamActions;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The IAM permissions that a kind declares are exactly those that its code can call. */
class PermissionsTest {
    /**
     * Permissions that the content of a request needs, and not the request: the kind does not call these operations.
     */
    private static final Set<String> BY_CONTENT = Set.of(
            "iam:PassRole",
            "iam:CreateServiceLinkedRole",
            "ec2:DescribeAccountAttributes",
            "ec2:DescribeVpcs",
            "s3:TagResource",
            "ecs:DescribeServices",
            "ecs:UpdateService",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:DeleteAlarms",
            "secretsmanager:CreateSecret",
            "secretsmanager:TagResource",
            "kms:DescribeKey",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "lambda:InvokeFunction",
            "elasticache:CreateSnapshot",
            "firehose:TagDeliveryStream",
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
            "elasticloadbalancing:CreateWebACLAssociation",
            "elasticloadbalancing:DeleteWebACLAssociation",
            "elasticloadbalancing:GetLoadBalancerWebACL",
            "wafv2:GetWebACL");

    static Collection<Kind<?>> kinds() {
        return TestKinds.all().all().values();
    }

    /** A limit holds for permissions that are derived from the recipe's calls, and for declared permissions. */
    @Test
    void limitsWhatTheRoleOfAServiceMayBecome() {
        Map<String, String> limits = TestKinds.all().all().get("Role").permissions().stream()
                .filter(permission -> !permission.limits().isEmpty())
                .collect(Collectors.toMap(
                        Permission::action, permission -> new java.util.TreeMap<>(permission.limits()).toString()));

        assertThat(limits)
                .isEqualTo(Map.of(
                        "iam:AttachRolePolicy",
                                "{iam:PermissionsBoundary=permissionsBoundary, iam:PolicyARN=managedPolicyArns}",
                        "iam:CreateRole", "{iam:PermissionsBoundary=permissionsBoundary}",
                        "iam:PutRolePermissionsBoundary", "{iam:PermissionsBoundary=permissionsBoundary}",
                        "iam:PutRolePolicy", "{iam:PermissionsBoundary=permissionsBoundary}"));
    }

    /**
     * ElastiCache arranges the delivery of logs with the caller's permissions, also to a stream of Firehose.
     * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Logging-destinations.html
     */
    @Test
    void aCacheThatDeliversLogsNeedsThePermissionsOfBothDestinations() {
        Set<String> delivering = TestKinds.all().all().get("ReplicationGroup").permissions().stream()
                .filter(permission -> permission.fields().contains("logDeliveryConfigurations"))
                .map(permission -> permission.action()
                        + (permission.on() == Permission.On.SERVICE_ROLE ? " " + permission.resources() : ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(delivering)
                .contains(
                        "firehose:TagDeliveryStream",
                        "iam:CreateServiceLinkedRole [delivery.logs.amazonaws.com]",
                        "logs:CreateLogDelivery",
                        "logs:DeleteLogDelivery",
                        "logs:DescribeLogGroups",
                        "logs:DescribeResourcePolicies",
                        "logs:GetLogDelivery",
                        "logs:ListLogDeliveries",
                        "logs:PutResourcePolicy",
                        "logs:UpdateLogDelivery");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void declaresWhatItCalls(Kind<?> kind) {
        Set<String> declared =
                kind.permissions().stream().map(Permission::action).collect(Collectors.toCollection(TreeSet::new));
        Set<String> called = CalledOperations.of(kind).stream()
                .flatMap(operation -> IamActions.of(operation).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(declared)
                .as(
                        "KindInfo.permissions of %s lacks what its code calls",
                        kind.info().name())
                .containsAll(called);
        declared.removeAll(called);
        assertThat(BY_CONTENT)
                .as(
                        "KindInfo.permissions of %s has what its code does not call",
                        kind.info().name())
                .containsAll(declared);
    }
}
