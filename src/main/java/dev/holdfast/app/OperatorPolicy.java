package dev.holdfast.app;

import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.aws.Partitions;
import dev.holdfast.kind.ImageResolution;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The IAM permissions that the operator needs for itself: for its buckets, for the stacks' roles and for its alerts.
 *
 * <p>{@code sts:GetCallerIdentity} is missing, because AWS allows everybody to call it.
 */
final class OperatorPolicy {
    private static final String S3 = "s3://";

    private OperatorPolicy() {}

    /**
     * @param topic the ARN of the topic for alerts, or null
     * @param metrics whether metrics are published to CloudWatch
     */
    static List<PolicyStatement> operator(InstallationConfig environment, @Nullable String topic, boolean metrics) {
        List<PolicyStatement> all = new ArrayList<>();
        all.addAll(objects(environment.desiredState(), "", Set.of("s3:GetObject")));
        all.addAll(objects(environment.state(), "", Set.of("s3:GetObject", "s3:PutObject", "s3:DeleteObject")));
        if (topic != null) {
            all.add(statement(Set.of("sns:Publish"), Set.of(topic), Map.of()));
        }
        if (metrics) {
            all.add(statement(
                    Set.of("cloudwatch:PutMetricData"),
                    Set.of("*"),
                    Map.of(ConditionTest.equal("cloudwatch:namespace"), Set.of("Holdfast"))));
        }
        return all;
    }

    /**
     * The permission to read the guardrails.
     *
     * @param location null if there are no guardrails
     */
    static List<PolicyStatement> guardrails(@Nullable String location) {
        if (location == null || !InstallationConfig.isS3(location)) {
            return List.of();
        }
        GuardrailsLocation.check(location);
        String path = location.substring(S3.length());
        return List.of(
                statement(Set.of("s3:GetObject"), Set.of("arn:aws:s3:::" + path), Map.of()),
                statement(
                        Set.of("s3:ListBucket"),
                        Set.of("arn:aws:s3:::" + path.substring(0, path.indexOf('/'))),
                        Map.of()));
    }

    /** The permission to read change events, and to see whether a trail logs. */
    static List<PolicyStatement> events(ChangeEventSettings settings) {
        String arn = settings.queueArn();
        return arn == null
                ? List.of()
                : List.of(
                        statement(Set.of("sqs:ReceiveMessage", "sqs:DeleteMessage"), Set.of(arn), Map.of()),
                        statement(
                                Set.of("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"),
                                Set.of("*"),
                                Map.of()));
    }

    /** The permission to assume the stack's role. */
    static List<PolicyStatement> assume(StackSettings stack) {
        return stack.roleArn() == null
                ? List.of()
                : List.of(statement(Set.of("sts:AssumeRole"), Set.of(stack.roleArn()), Map.of()));
    }

    /** The permission to find the resources that carry the stack's tag. */
    static PolicyStatement tagIndex(SortedSet<String> regions) {
        return statement(
                Set.of("tag:GetResources"), Set.of("*"), Map.of(ConditionTest.equal("aws:RequestedRegion"), regions));
    }

    /** The permission to resolve the tags of images, if a service requests it. The image may be in any repository. */
    static List<PolicyStatement> images(Revision revision) {
        boolean resolves = revision.resources().values().stream()
                .flatMap(r -> r.spec().findValuesAsText("imageResolution").stream())
                .anyMatch(ImageResolution.Digest.name()::equals);
        return resolves ? List.of(statement(Set.of("ecr:DescribeImages"), Set.of("*"), Map.of())) : List.of();
    }

    /** The permissions of a plan, in addition to the reads of the stack. */
    static List<PolicyStatement> reader(InstallationConfig environment) {
        List<PolicyStatement> all = new ArrayList<>(objects(environment.desiredState(), "", Set.of("s3:GetObject")));
        all.addAll(objects(environment.state(), "", Set.of("s3:GetObject")));
        return all;
    }

    /** The permissions to commit revisions of a stack. */
    static List<PolicyStatement> publisher(InstallationConfig environment, String stack) {
        return objects(environment.desiredState(), "stacks/" + stack + "/", Set.of("s3:GetObject", "s3:PutObject"));
    }

    /**
     * The permission to sign with a key. A key that is named by its alias is allowed under that alias.
     *
     * @param key an id, an ARN, {@code alias/NAME}, or the ARN of an alias
     * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html">aliases in policies</a>
     */
    static PolicyStatement signer(String key, StackSettings stack) {
        String partition = Partitions.id(stack.region());
        String keys = "arn:" + partition + ":kms:" + stack.region() + ":" + stack.account() + ":key/";
        Set<String> actions = Set.of("kms:GetPublicKey", "kms:Sign");
        int alias = key.indexOf("alias/");
        if (alias < 0) {
            return statement(actions, Set.of(key.startsWith("arn:") ? key : keys + key), Map.of());
        }
        String all = alias == 0 ? keys : key.substring(0, alias) + "key/";
        return statement(
                actions,
                Set.of(all + "*"),
                Map.of(ConditionTest.equal("kms:RequestAlias"), Set.of(key.substring(alias))));
    }

    /**
     * The permissions to make requests for a stack through the state: to read its held steps and its view, and to add a
     * request.
     */
    static List<PolicyStatement> approver(InstallationConfig environment, String stack) {
        String below = "stacks/" + stack + "/";
        List<PolicyStatement> all = new ArrayList<>(
                objects(environment.state(), below + "requests.json", Set.of("s3:GetObject", "s3:PutObject")));
        for (String shown : List.of("held.json", "view.json", "lease.json")) {
            all.addAll(objects(environment.state(), below + shown, Set.of("s3:GetObject")));
        }
        return all;
    }

    /**
     * Without ListBucket, S3 answers 403 for a missing object. S3 checks this permission without a prefix, so the
     * condition has none.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html">GetObject</a>
     */
    private static List<PolicyStatement> objects(String location, String below, Set<String> actions) {
        if (!InstallationConfig.isS3(location)) {
            return List.of();
        }
        String path = location.substring(S3.length());
        String bucket = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        String slashed = path.endsWith("/") ? path : path + "/";
        return List.of(
                statement(actions, Set.of("arn:aws:s3:::" + slashed + below + "*"), Map.of()),
                statement(Set.of("s3:ListBucket"), Set.of("arn:aws:s3:::" + bucket), Map.of()));
    }

    private static PolicyStatement statement(
            Set<String> actions, Set<String> resources, Map<ConditionTest, ? extends Collection<String>> conditions) {
        return PolicyStatement.allowed(actions, resources, conditions);
    }
}
