package dev.holdfast.app;

import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.aws.Operations;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Why some actions reach further than the stack's own resources: AWS lets a policy restrict them no further.
 *
 * @param actions a pattern of actions
 * @param reason what is left open, and why
 * @param page where AWS says so
 */
record PolicyRemark(Pattern actions, String reason, String page) {
    private static final String REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/";

    /** In the order in which they apply: the first that fits an action is its remark. */
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
                    "is also needed for the alarms of scaling policies, which the service makes without the stack's tag: on names that begin with TargetTracking- and contain a service of the stack's",
                    "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission-validation.html"),
            of(
                    "cloudwatch:(DeleteDashboards|PutDashboard)",
                    "concerns dashboards, which carry no tag of ours: the name alone restricts it",
                    REFERENCE + "list_amazoncloudwatch.html"),
            of(
                    "s3:(?!GetObject|PutObject|DeleteObject|List).*",
                    "is restricted by the bucket's name alone: S3 evaluates the tags of a bucket only after they were turned on for it (PutBucketAbac)",
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
                    "cannot tell the tagging of a new object from that of an existing one: an object that carries no holdfast:stack tag at all, and has a name of the stack's, could be tagged. What another stack's tag is on cannot",
                    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html"),
            of(
                    "ec2:(DetachInternetGateway|DisassociateRouteTable)",
                    "takes the stack's own gateway or route table off somebody's VPC or subnet; only the former has to carry the stack's tag",
                    REFERENCE + "list_amazonec2.html"),
            of(
                    "ec2:RevokeSecurityGroup(Ingress|Egress)",
                    "is also needed for the default security groups of the stack's VPCs, which AWS makes without tags: on every group that carries no holdfast:stack tag, because the ids are not known before the VPCs exist. It closes ports and opens none. Only for stacks that own restrictDefaultSecurityGroup",
                    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"),
            of(
                    "rds:(CreateDBInstance|ModifyDBInstance|RestoreDBInstanceFromDBSnapshot)",
                    "uses parameter, option and subnet groups and snapshots, which may be somebody else's; the instance has to carry the stack's tag",
                    REFERENCE + "list_amazonrds.html"),
            of(
                    "elasticache:((Create|Modify|Delete)(ReplicationGroup|ServerlessCache)|CreateSnapshot)",
                    "uses parameter, subnet and user groups, nodes and snapshots, which carry no tag of ours; the cache has to carry it",
                    REFERENCE + "list_amazonelasticache.html"),
            of(
                    "elasticache:(Create|Modify)UserGroup",
                    "takes users up into the stack's own group, among them ElastiCache's own, default, which carries no tag of ours",
                    REFERENCE + "list_amazonelasticache.html"),
            of(
                    "cloudfront:(Update|Delete)(OriginAccessControl|CachePolicy|OriginRequestPolicy|ResponseHeadersPolicy)",
                    "concerns objects that carry no tags and whose ARN has an id that CloudFront makes: nothing restricts it but the account",
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

    /** The remarks on what these statements allow, each with the actions that it is about. */
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
