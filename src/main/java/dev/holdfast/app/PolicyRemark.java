package dev.holdfast.app;

import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.aws.Operations;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The reason why some actions reach further than the stack's own resources: AWS does not let a policy restrict them
 * more.
 *
 * @param actions a pattern of actions
 * @param reason the part that is left open, and why
 * @param page the page on which AWS documents this
 */
record PolicyRemark(Pattern actions, String reason, String page) {
    private static final String REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/";

    /** The remarks in the order in which they apply: the first remark that fits an action is used. */
    static final List<PolicyRemark> ALL = List.of(
            of(
                    "ecs:DeregisterTaskDefinition",
                    "takes neither an ARN nor a tag as a condition, only the region; a definition that is no longer registered can still be used by the services that use it",
                    REFERENCE + "list_amazonelasticcontainerservice.html"),
            of(
                    "application-autoscaling:.*",
                    "is evaluated on scalable-target/* whatever the target is, so that no ARN and no tag restricts it; the namespace and the dimension do",
                    "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_service-with-iam.html"),
            of(
                    "cloudwatch:(DeleteAlarms|PutMetricAlarm)",
                    "is also needed for the alarms of scaling policies, which the service makes without the stack's tag: it is allowed on names that begin with TargetTracking- and contain a service of the stack",
                    "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html"),
            of(
                    "cloudwatch:(DeleteDashboards|PutDashboard)",
                    "concerns dashboards, which carry no tag of ours: the name alone restricts it",
                    REFERENCE + "list_amazoncloudwatch.html"),
            of(
                    "s3:(?!GetObject|PutObject|DeleteObject|List).*",
                    "is restricted by the bucket's name alone: S3 evaluates the tags of a bucket only after this was turned on for the bucket (PutBucketAbac)",
                    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html"),
            of(
                    "iam:PassRole",
                    "evaluates no tags of the role: it is restricted to the names of the roles in the documents, and to the service that receives them",
                    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"),
            of(
                    "secretsmanager:(CreateSecret|TagResource)",
                    "is also needed for the secrets that RDS makes in the caller's name, rds!…",
                    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html"),
            of(
                    "(?!ec2|ecs|elasticloadbalancing)[\\w-]+:(TagResource|AddTagsTo\\w+|TagRole)",
                    "cannot tell the tagging of a new object from that of an existing one: an object that carries no holdfast:stack tag at all, and has a name of the stack, could be tagged. An object with another stack's tag cannot",
                    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html"),
            of(
                    "ec2:(DetachInternetGateway|DisassociateRouteTable)",
                    "detaches the stack's gateway or route table from a VPC or subnet; only the gateway or route table has to carry the stack's tag",
                    REFERENCE + "list_amazonec2.html"),
            of(
                    "ec2:RevokeSecurityGroup(Ingress|Egress)",
                    "is also needed for the default security groups of the stack's VPCs, which AWS makes without tags: it is allowed on every group that carries no holdfast:stack tag, because the ids are not known before the VPCs exist. It closes ports and opens none. Only stacks that own restrictDefaultSecurityGroup need it",
                    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"),
            of(
                    "rds:(CreateDBInstance|ModifyDBInstance|RestoreDBInstanceFromDBSnapshot)",
                    "uses parameter, option and subnet groups and snapshots, which may belong to others; the instance has to carry the stack's tag",
                    REFERENCE + "list_amazonrds.html"),
            of(
                    "elasticache:((Create|Modify|Delete)(ReplicationGroup|ServerlessCache)|CreateSnapshot)",
                    "uses parameter, subnet and user groups, nodes and snapshots, which carry no tag of ours; the cache has to carry it",
                    REFERENCE + "list_amazonelasticache.html"),
            of(
                    "elasticache:(Create|Modify)UserGroup",
                    "adds users to the stack's own group, among them ElastiCache's user named default, which carries no tag of ours",
                    REFERENCE + "list_amazonelasticache.html"),
            of(
                    "cloudfront:(Update|Delete)(OriginAccessControl|CachePolicy|OriginRequestPolicy|ResponseHeadersPolicy)",
                    "concerns objects that carry no tags and whose ARN has an id that CloudFront makes: only the account restricts it",
                    REFERENCE + "list_amazoncloudfront.html"),
            of(
                    "wafv2:DisassociateWebACL",
                    "takes no web ACL and no tag as a condition: the load balancer, which elasticloadbalancing:DeleteWebACLAssociation is checked on, has to carry the stack's tag",
                    "https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html"),
            of("route53:.*", "takes no tag as a condition", REFERENCE + "list_amazonroute53.html"));

    private static PolicyRemark of(String actions, String reason, String page) {
        return new PolicyRemark(Pattern.compile(actions), reason, page);
    }

    boolean fits(String action) {
        return actions.matcher(action).matches();
    }

    /** The remarks on the actions that these statements allow, each remark with its actions. */
    static Set<String> on(Collection<PolicyStatement> statements) {
        Set<String> lines = new LinkedHashSet<>();
        for (PolicyRemark remark : ALL) {
            List<String> found = statements.stream()
                    .filter(s -> s.allows() && !byOwnTag(s))
                    .flatMap(s -> s.actions().stream())
                    .filter(a -> Operations.isWrite(a.substring(a.indexOf(':') + 1)))
                    .filter(a -> ALL.stream()
                            .filter(r -> r.fits(a))
                            .findFirst()
                            .filter(remark::equals)
                            .isPresent())
                    .distinct()
                    .sorted()
                    .toList();
            if (!found.isEmpty()) {
                lines.add(String.join(", ", found) + ": " + remark.reason() + ". " + remark.page());
            }
        }
        return lines;
    }

    private static boolean byOwnTag(PolicyStatement statement) {
        return statement.conditions().keySet().stream()
                        .map(ConditionTest::key)
                        .anyMatch(k -> k.contains("ResourceTag/"))
                && statement.conditions().keySet().stream()
                        .noneMatch(t -> t.operator().equals("Null"));
    }
}
